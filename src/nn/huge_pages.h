#pragma once

namespace kiloword {

/// Asks the system to keep libtorch's large tensors on a CPU in huge pages from now on (Linux, where it lets
/// programs ask: /sys/kernel/mm/transparent_hugepage/enabled). A network streams its weights through the
/// processor for every call; with pages of 4 kB looking up addresses takes a tenth of that time, and loading
/// three times as long. Costs nothing where it is not possible; calls after the first do nothing.
void use_huge_pages();

}  // namespace kiloword
