#pragma once

namespace kiloword {

/// Makes tensors of up to 32 MB lie on the heap, whose memory is used again, instead of being mapped anew for
/// every layer of every call: what glibc's allocator arrives at by itself after a while. The whole process
/// has it from then on.
void keep_tensors_on_heap();

}  // namespace kiloword
