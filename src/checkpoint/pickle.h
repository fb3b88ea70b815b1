#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kiloword {

/// A node of a parsed pickle. No objects are constructed: calls and classes are recorded by name only.
struct PickleNode {
  enum class Kind {
    kNone,
    kBool,        ///< integer: 0 or 1
    kInteger,     ///< integer; kOther if it does not fit 64 bits
    kString,      ///< text
    kSequence,    ///< children: a tuple or a list
    kDictionary,  ///< children: keys and values, alternating
    kGlobal,      ///< text: "module name"
    /// children: the callee, its arguments (a sequence), then appended or set items (keys and values,
    /// alternating), then the state, if it was set
    kCall,
    kPersistent,  ///< children: the id of an object outside the pickle
    kOther        ///< floats, bytes, sets: not needed for tensors
  };

  Kind kind = Kind::kNone;
  int64_t integer = 0;
  std::string text;
  std::vector<uint32_t> children;  ///< indices into Pickle::nodes
};

/// A graph of nodes: a node may have several parents, and may even be its own child.
struct Pickle {
  std::vector<PickleNode> nodes;
  uint32_t root = 0;

  const PickleNode& at(uint32_t index) const { return nodes[index]; }
};

/// Parses a pickle of protocol 2 to 5 (PEP 307, 3154, 574) as `torch.save` and TorchScript write it. Nothing
/// is imported or executed; every opcode makes at most one node. Throws Error(kModel) without `where` if it
/// is truncated, malformed, or uses an opcode that no checkpoint needs.
Pickle parse_pickle(std::string_view bytes);

/// Parses the pickle at the start of `bytes` and removes it from them.
Pickle take_pickle(std::string_view& bytes);

}  // namespace kiloword
