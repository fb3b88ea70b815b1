#pragma once

namespace kiloword {

/// From now on, requests huge pages for libtorch's large CPU tensors, if Linux allows it
/// (/sys/kernel/mm/transparent_hugepage/enabled). A network reads all its weights in every call; with 4 kB
/// pages, address translation takes a tenth of that time, and loading takes three times as long. Has no
/// effect if unsupported; later calls do nothing.
void use_huge_pages();

}  // namespace kiloword
