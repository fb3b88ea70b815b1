/* kiloword for C, and for languages that call C. docs/library.md has a complete program.
 *
 * Strings are UTF-8. Options are an array of "name=value" strings that ends with NULL, or NULL for none;
 * their names are those of requests (docs/serve.md). Every function but kw_close is thread-safe, on one
 * engine too. Failures return NULL or 0 and set kw_last_error() of that thread. */
#ifndef KILOWORD_ENGINE_C_API_H
#define KILOWORD_ENGINE_C_API_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Loaded models. */
typedef struct kw_engine kw_engine;

/* "MAJOR.MINOR.PATCH" */
const char* kw_version(void);

/* Loads models. Options: model, lm (a language model for kw_describe; default: none), device,
 * precision, threads, memory (bytes), max_pixels, exact, ignore_profile, page, many_images. The caller
 * closes the result with kw_close(). */
kw_engine* kw_open(const char* const* options);
/* Closes an engine that no call uses any more; NULL is allowed. */
void kw_close(kw_engine* engine);

/* The caption's record, one line of JSON (docs/cli.md), of an image file, or of its `size` bytes. Options:
 * as in /v1/caption. The caller frees the result with kw_free(). */
char* kw_caption_file(kw_engine* engine, const char* path, const char* const* options);
char* kw_caption_bytes(kw_engine* engine, const void* bytes, size_t size, const char* const* options);

/* The same for descriptions; options: as in /v1/describe. */
char* kw_describe_file(kw_engine* engine, const char* path, const char* const* options);
char* kw_describe_bytes(kw_engine* engine, const void* bytes, size_t size, const char* const* options);

/* The number of values of an embedding. */
size_t kw_embedding_dim(kw_engine* engine);
/* Writes the embedding, of unit length, to `values`, which has room for kw_embedding_dim() values for
 * each image or text. Returns 1, or 0 on failure. */
int kw_embed_image_file(kw_engine* engine, const char* path, float* values);
int kw_embed_image_bytes(kw_engine* engine, const void* bytes, size_t size, float* values);
int kw_embed_texts(kw_engine* engine, const char* const* texts, size_t count, float* values);

/* Frees a string that another function returned; NULL is allowed. */
void kw_free(char* text);

/* The error of this thread's last failed call: message, place, remedy. Valid until its next failed call. */
const char* kw_last_error(void);
/* The kind of that error: "usage", "input", "model", "labels", "output" or "internal". */
const char* kw_last_error_kind(void);

#ifdef __cplusplus
}
#endif

#endif
