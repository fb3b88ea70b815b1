#include "kiloword/pipeline/caption_options.h"

#include "kiloword/image/video.h"

namespace kiloword {

const OptionTable<StatementChoices>& caption_options() {
  using Choices = StatementChoices;
  static const OptionTable<Choices> kTable{
      {"labels", &Choices::labels, "NAME|FILE", "A label set, a group of sets or a label file; repeatable"},
      {"top_k", &Choices::top_k, "K", "Maximum statements in the sentence", 1, 1000},
      {"per_set", &Choices::per_set, "N", "Maximum statements of one label set, each about another object", 1,
       100},
      {"rank", &Choices::rank, "calibrated|probability|cosine",
       "How the best statements of different sets are compared"},
      {"min_confidence", &Choices::min_confidence, "P", "Abstain below P; default: the threshold of each set",
       0, 1},
      {"author", &Choices::author, "NAME", "Begin the line with NAME:"},
      {"explain", &Choices::explain, "",
       "Show every set's best labels, and why each was selected or rejected"},
      {"typographic", &Choices::typographic, "off|flag|drop",
       "What to do about statements that rest on words written in the image: nothing, mark them in "
       "records, or score the image without the words"},
  };
  return kTable;
}

const OptionTable<StatementChoices>& reading_options() {
  using Choices = StatementChoices;
  static const OptionTable<Choices> kTable{
      {"read_text", &Choices::read_text, "off|auto|always",
       "Read the words in images and quote them: never, where there seem to be some, or always"},
      {"text_language", &Choices::text_language, "LANG",
       "Tesseract's name of the language of words in images; several with + between them"},
      {"read_text_ms", &Choices::read_text_ms, "MS",
       "Maximum milliseconds for reading the words of one image", 1, 3600000},
  };
  return kTable;
}

const OptionTable<StatementChoices>& frame_options() {
  using Choices = StatementChoices;
  static const OptionTable<Choices> kTable{
      {"frames", &Choices::frames, "N",
       "Number of frames of a video or animation, evenly spaced; default: 4 of a video, the first of an "
       "animation",
       1, kMaxFrames},
      {"every", &Choices::every, "S", "A frame every so many seconds instead, 64 at most", 0.001, 1e6},
      {"shots", &Choices::shots, "", "One frame of each shot instead, 64 at most"},
  };
  return kTable;
}

}  // namespace kiloword
