#include "checkpoint/pickle.h"

#include <unordered_map>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using Kind = PickleNode::Kind;

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorKind::kModel, what, "", "download the model again");
}

/// Opcodes by the names of Python's pickletools.
enum Opcode : unsigned char {
  kMark = '(',
  kStop = '.',
  kPop = '0',
  kDuplicate = '2',
  kBinFloat = 'G',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kNone = 'N',
  kBinPersistentId = 'Q',
  kReduce = 'R',
  kBinString = 'T',
  kShortBinString = 'U',
  kBinUnicode = 'X',
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kAppends = 'e',
  kBinGet = 'h',
  kLongBinGet = 'j',
  kEmptyList = ']',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kEmptyTuple = ')',
  kSetItems = 'u',
  kEmptyDictionary = '}',
  kProtocol = 0x80,
  kNewObject = 0x81,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kLong1 = 0x8a,
  kShortBinUnicode = 0x8c,
  kBinUnicode8 = 0x8d,
  kEmptySet = 0x8f,
  kAddItems = 0x90,
  kStackGlobal = 0x93,
  kMemoize = 0x94,
  kFrame = 0x95,
};

class PickleReader {
 public:
  explicit PickleReader(std::string_view bytes) : bytes_(bytes) {}

  Pickle read() {
    if (number(1) != kProtocol) fail("not a pickle of protocol 2 or later");
    number(1);
    for (;;) {
      const auto opcode = static_cast<unsigned char>(number(1));
      if (opcode == kStop) break;
      if (!constant(opcode) && !container(opcode) && !memo(opcode)) {
        fail("pickle has the opcode " + std::to_string(opcode) + ", which no checkpoint needs");
      }
    }
    pickle_.root = pop();
    return std::move(pickle_);
  }

  /// What follows the pickle that was read.
  std::string_view rest() const { return bytes_; }

 private:
  static constexpr uint32_t kMarkOnStack = UINT32_MAX;
  static constexpr size_t kMaxNodes = 1'000'000;  // a hundred times those of the largest official checkpoint
  static constexpr size_t kMaxGlobal = 1024;      // characters of a name, which pickles could double at will

  std::string_view take(uint64_t count) {
    if (count > bytes_.size()) fail("truncated pickle");
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }
  uint64_t number(size_t digits) {
    const std::string_view text = take(digits);
    uint64_t value = 0;
    for (size_t i = digits; i-- > 0;) value = (value << 8) | static_cast<unsigned char>(text[i]);
    return value;
  }
  std::string line() {
    const size_t end = bytes_.find('\n');
    if (end == std::string_view::npos) fail("truncated pickle");
    std::string text(take(end));
    take(1);
    return text;
  }

  uint32_t add(PickleNode node) {
    if (pickle_.nodes.size() == kMaxNodes) fail("pickle has too many parts");
    pickle_.nodes.push_back(std::move(node));
    return static_cast<uint32_t>(pickle_.nodes.size() - 1);
  }
  void push(Kind kind, std::string text = {}) { stack_.push_back(add({kind, 0, std::move(text), {}})); }
  void push_integer(Kind kind, int64_t value) { stack_.push_back(add({kind, value, {}, {}})); }

  uint32_t pop() {
    const uint32_t index = top();
    stack_.pop_back();
    return index;
  }
  uint32_t top() const {
    if (stack_.empty() || stack_.back() == kMarkOnStack) fail("pickle pops from an empty stack");
    return stack_.back();
  }
  /// What stands above the last mark, which goes too.
  std::vector<uint32_t> pop_to_mark() {
    size_t mark = stack_.size();
    while (mark > 0 && stack_[mark - 1] != kMarkOnStack) --mark;
    if (mark == 0) fail("pickle has no mark on its stack");
    std::vector<uint32_t> items(stack_.begin() + static_cast<std::ptrdiff_t>(mark), stack_.end());
    stack_.resize(mark - 1);
    return items;
  }

  void push_sequence(size_t count) {
    PickleNode node{Kind::kSequence, 0, {}, {}};
    node.children.resize(count);
    for (size_t i = count; i-- > 0;) node.children[i] = pop();
    stack_.push_back(add(std::move(node)));
  }
  void push_global(const std::string& module, const std::string& name) {
    if (module.size() + name.size() > kMaxGlobal) fail("pickle has a name that is too long");
    push(Kind::kGlobal, module + " " + name);
  }
  void push_call() {
    const uint32_t arguments = pop();
    const uint32_t callee = pop();
    stack_.push_back(add({Kind::kCall, 0, {}, {callee, arguments}}));
  }
  void append(const std::vector<uint32_t>& items) {
    std::vector<uint32_t>& children = pickle_.nodes[top()].children;
    children.insert(children.end(), items.begin(), items.end());
  }
  void set_items(const std::vector<uint32_t>& items) {
    if (items.size() % 2 != 0) fail("pickle has a key without a value");
    append(items);
  }

  bool constant(unsigned char opcode) {
    switch (opcode) {
      case kNone:
        push(Kind::kNone);
        return true;
      case kNewTrue:
      case kNewFalse:
        push_integer(Kind::kBool, opcode == kNewTrue ? 1 : 0);
        return true;
      case kBinInt:
        push_integer(Kind::kInteger, static_cast<int32_t>(number(4)));
        return true;
      case kBinInt1:
        push_integer(Kind::kInteger, static_cast<int64_t>(number(1)));
        return true;
      case kBinInt2:
        push_integer(Kind::kInteger, static_cast<int64_t>(number(2)));
        return true;
      case kLong1:
        push_long(number(1));
        return true;
      case kBinFloat:
        take(8);
        push(Kind::kOther);
        return true;
      case kShortBinString:
      case kShortBinUnicode:
        push(Kind::kString, std::string(take(number(1))));
        return true;
      case kBinString:
      case kBinUnicode:
        push(Kind::kString, std::string(take(number(4))));
        return true;
      case kBinUnicode8:
        push(Kind::kString, std::string(take(number(8))));
        return true;
      case kGlobal: {
        const std::string module = line();
        push_global(module, line());
        return true;
      }
      default:
        return false;
    }
  }

  /// A little-endian number in two's complement of `size` bytes.
  void push_long(uint64_t size) {
    if (size > 8) {
      take(size);
      return push(Kind::kOther);
    }
    uint64_t value = number(size);
    const bool negative = size > 0 && ((value >> (8 * size - 1)) & 1) != 0;
    if (negative && size < 8) value |= UINT64_MAX << (8 * size);
    push_integer(Kind::kInteger, static_cast<int64_t>(value));
  }

  bool container(unsigned char opcode) {
    switch (opcode) {
      case kMark:
        stack_.push_back(kMarkOnStack);
        return true;
      case kEmptyTuple:
      case kEmptyList:
        push(Kind::kSequence);
        return true;
      case kEmptyDictionary:
        push(Kind::kDictionary);
        return true;
      case kEmptySet:
        push(Kind::kOther);
        return true;
      case kTuple1:
      case kTuple2:
      case kTuple3:
        push_sequence(opcode - kTuple1 + 1U);
        return true;
      case kTuple:
        stack_.push_back(add({Kind::kSequence, 0, {}, pop_to_mark()}));
        return true;
      case kAppend:
        append({pop()});
        return true;
      case kAppends:
      case kAddItems:
        append(pop_to_mark());
        return true;
      case kSetItem: {
        const uint32_t value = pop();
        const uint32_t key = pop();
        append({key, value});
        return true;
      }
      case kSetItems:
        set_items(pop_to_mark());
        return true;
      case kReduce:
      case kNewObject:
        push_call();
        return true;
      case kBuild:
        append({pop()});
        return true;
      case kBinPersistentId:
        stack_.push_back(add({Kind::kPersistent, 0, {}, {pop()}}));
        return true;
      case kStackGlobal: {
        const uint32_t name = pop();
        push_global(pickle_.nodes[pop()].text, pickle_.nodes[name].text);
        return true;
      }
      default:
        return false;
    }
  }

  bool memo(unsigned char opcode) {
    switch (opcode) {
      case kBinPut:
        memo_[static_cast<uint32_t>(number(1))] = top();
        return true;
      case kLongBinPut:
        memo_[static_cast<uint32_t>(number(4))] = top();
        return true;
      case kMemoize:
        memo_[static_cast<uint32_t>(memo_.size())] = top();
        return true;
      case kBinGet:
        push_remembered(static_cast<uint32_t>(number(1)));
        return true;
      case kLongBinGet:
        push_remembered(static_cast<uint32_t>(number(4)));
        return true;
      case kPop:
        pop();
        return true;
      case kDuplicate:
        stack_.push_back(top());
        return true;
      case kFrame:
        number(8);
        return true;
      default:
        return false;
    }
  }

  void push_remembered(uint32_t key) {
    const auto found = memo_.find(key);
    if (found == memo_.end()) fail("pickle refers to an object that it did not create");
    stack_.push_back(found->second);
  }

  std::string_view bytes_;
  Pickle pickle_;
  std::vector<uint32_t> stack_;
  std::unordered_map<uint32_t, uint32_t> memo_;
};

}  // namespace

Pickle parse_pickle(std::string_view bytes) {
  return take_pickle(bytes);
}

Pickle take_pickle(std::string_view& bytes) {
  PickleReader reader(bytes);
  Pickle pickle = reader.read();
  bytes = reader.rest();
  return pickle;
}

}  // namespace kiloword
