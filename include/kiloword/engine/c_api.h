/* kiloword for C, and for whatever calls C. docs/library.md has a whole program.
 *
 * Strings are UTF-8. Options are an array of "name=value" strings that ends with NULL, or NULL for none;
 * their names are those of requests (docs/serve.md). Every function may be called from several threads at the
 * same time, for one engine too, but kw_close. What failed returns NULL or 0 and leaves a reason for
 * kw_last_error() of that thread. */
#ifndef KILOWORD_ENGINE_C_API_H
#define KILOWORD_ENGINE_C_API_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Models that are loaded. */
typedef struct kw_engine kw_engine;

/* "MAJOR.MINOR.PATCH" */
const char* kw_version(void);

/* Loads models. Options: model, lm (a language model for kw_describe; none unless it is named), device,
 * precision, threads, memory (bytes), many_images. The result is the caller's, who ends it with kw_close().
 */
kw_engine* kw_open(const char* const* options);
/* Ends an engine that no call uses any more; NULL is allowed. */
void kw_close(kw_engine* engine);

/* The caption's record, one line of JSON (docs/cli.md), of an image file, or of `size` bytes of one. Options:
 * as /v1/caption's. The result is the caller's, who frees it with kw_free(). */
char* kw_caption_file(kw_engine* engine, const char* path, const char* const* options);
char* kw_caption_bytes(kw_engine* engine, const void* bytes, size_t size, const char* const* options);

/* The same for descriptions; options: as /v1/describe's. */
char* kw_describe_file(kw_engine* engine, const char* path, const char* const* options);
char* kw_describe_bytes(kw_engine* engine, const void* bytes, size_t size, const char* const* options);

/* How many values an embedding has. */
size_t kw_embedding_dim(kw_engine* engine);
/* Writes the embedding, of unit length, to `values`, which has room for kw_embedding_dim() of them, or for so
 * many for each text. Returns 1, or 0. */
int kw_embed_image_file(kw_engine* engine, const char* path, float* values);
int kw_embed_image_bytes(kw_engine* engine, const void* bytes, size_t size, float* values);
int kw_embed_texts(kw_engine* engine, const char* const* texts, size_t count, float* values);

/* Frees what another function gave; NULL is allowed. */
void kw_free(char* text);

/* Why the last call of this thread that failed did: what, where, what to do. Valid until its next call that
 * fails. */
const char* kw_last_error(void);
/* What kind of failure that was: "usage", "input", "model", "labels", "output" or "internal". */
const char* kw_last_error_kind(void);

#ifdef __cplusplus
}
#endif

#endif
