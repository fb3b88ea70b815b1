#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kiloword {

/// What a pickle describes, without anything of it being made: calls and classes are only named.
struct PickleNode {
  enum class Kind {
    kNone,
    kBool,        ///< integer: 0 or 1
    kInteger,     ///< integer; others than 64-bit ones become kOther
    kString,      ///< text
    kSequence,    ///< children: a tuple or a list
    kDictionary,  ///< children: keys and values by turns
    kGlobal,      ///< text: "module name"
    kCall,        ///< children: what is called, its arguments (a sequence), then items that were appended or
                  ///< set (keys and values by turns), then perhaps the state that was set
    kPersistent,  ///< children: the id of something stored outside the pickle
    kOther        ///< floats, bytes, sets: nothing that a checkpoint's tensors need
  };

  Kind kind = Kind::kNone;
  int64_t integer = 0;
  std::string text;
  std::vector<uint32_t> children;  ///< indices into Pickle::nodes
};

/// A graph of nodes: one may be the child of several, and of itself.
struct Pickle {
  std::vector<PickleNode> nodes;
  uint32_t root = 0;

  const PickleNode& at(uint32_t index) const { return nodes[index]; }
};

/// Reads a pickle of protocol 2 to 5 (PEP 307, 3154, 574) as `torch.save` and TorchScript write it. Nothing
/// is imported or executed; every opcode makes at most one node. Throws Error(kModel) without a place for
/// what is truncated, ill-formed, or uses an opcode that no checkpoint needs.
Pickle parse_pickle(std::string_view bytes);

/// The same for the pickle that `bytes` begin with, which is removed from them.
Pickle take_pickle(std::string_view& bytes);

}  // namespace kiloword
