/* caption IMAGE: prints the record of an image's caption, one line of JSON. */
#include <kiloword/engine/c_api.h>
#include <stdio.h>

int main(int argc, char** argv) {
  const char* engine_options[] = {"model=nano", "threads=1", NULL};
  const char* caption_options[] = {"top_k=2", NULL};
  kw_engine* engine = kw_open(engine_options);
  char* record = engine && argc > 1 ? kw_caption_file(engine, argv[1], caption_options) : NULL;
  if (record) {
    puts(record);
  } else {
    fprintf(stderr, "caption: %s\n", kw_last_error());
  }
  const int failed = record == NULL;
  kw_free(record);
  kw_close(engine);
  return failed;
}
