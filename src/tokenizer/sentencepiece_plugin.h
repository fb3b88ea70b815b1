#pragma once

#include <cstddef>
#include <cstdint>

/// The C interface of the plug-in `kiloword_sentencepiece.so`, which is loaded into a separate linker
/// namespace with its own C library: each side frees the memory that it allocated, and no exception crosses.
extern "C" {

/// A loaded model; immutable, hence thread-safe.
struct KilowordSentencePieceModel;

/// A result that the plug-in owns until `free_buffer`. `data` is null on failure.
struct KilowordSentencePieceBuffer {
  void* data;  ///< `size` bytes of text or `size` ids of type int32_t
  size_t size;
};

struct KilowordSentencePieceApi {
  /// Loads a serialized ModelProto of `size` bytes. On failure, returns null with the reason in `error`
  /// (NUL-terminated, truncated to `error_size`).
  KilowordSentencePieceModel* (*load)(const char* bytes, size_t size, char* error, size_t error_size);
  void (*free_model)(KilowordSentencePieceModel* model);

  KilowordSentencePieceBuffer (*encode)(const KilowordSentencePieceModel* model, const char* text,
                                        size_t size);
  /// Every id must be in the vocabulary.
  KilowordSentencePieceBuffer (*decode)(const KilowordSentencePieceModel* model, const int32_t* ids,
                                        size_t count);
  KilowordSentencePieceBuffer (*piece)(const KilowordSentencePieceModel* model, int32_t id);
  void (*free_buffer)(KilowordSentencePieceBuffer buffer);

  int32_t (*vocab_size)(const KilowordSentencePieceModel* model);
  int32_t (*bos_id)(const KilowordSentencePieceModel* model);  ///< -1 where the model has none
  int32_t (*eos_id)(const KilowordSentencePieceModel* model);  ///< -1 where the model has none
};

/// The plug-in's only exported function.
const KilowordSentencePieceApi* kiloword_sentencepiece_api();
}
