#include "checkpoint/torch_archive.h"

#include "checkpoint/pickle.h"
#include "checkpoint/state_dict.h"
#include "checkpoint/zip_directory.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

constexpr const char* kRemedy = "download the model again";

/// The folder in the archive that holds data.pkl, "" or with a slash at its end.
std::string root_folder(const ZipMembers& members) {
  const std::string name = "data.pkl";
  for (const auto& [member, bytes] : members) {
    if (member.size() < name.size() || member.compare(member.size() - name.size(), name.size(), name) != 0)
      continue;
    std::string folder = member.substr(0, member.size() - name.size());
    if (folder.empty() || folder.find('/') == folder.size() - 1) return folder;
  }
  throw Error(ErrorKind::kModel, "zip archive is not PyTorch's: it has no data.pkl", "",
              "give a checkpoint that torch.save or TorchScript wrote");
}

}  // namespace

TensorViews parse_torch_archive(std::string_view bytes, std::deque<std::string>& copies) {
  const ZipMembers members = parse_zip_directory(bytes);
  const std::string root = root_folder(members);
  const std::string order = root + "byteorder";
  if (members.count(order) != 0 && stored_member(members, order) != "little")
    throw Error(ErrorKind::kModel, "checkpoint was written on a big-endian machine", "", kRemedy);
  const std::string_view text = stored_member(members, root + "data.pkl");
  if (text.size() > kMaxPickleBytes) throw Error(ErrorKind::kModel, "data.pkl is too large", "", kRemedy);
  const Pickle pickle = parse_pickle(text);
  const StorageOf storage_of = [&](const std::string& key) {
    return stored_member(members, root + "data/" + key);
  };
  return state_dict_tensors(pickle, storage_of, copies);
}

}  // namespace kiloword
