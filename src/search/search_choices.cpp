#include "kiloword/search/search_choices.h"

namespace kiloword {

const OptionTable<SearchChoices>& image_search_options() {
  using Choices = SearchChoices;
  static const OptionTable<Choices> kTable{
      {"top", &Choices::top, "N", "Maximum images to find", 1, 1000000},
      {"min_cosine", &Choices::min_cosine, "C", "Omit images below this cosine", -1, 1},
      {"label", &Choices::shown, "LABEL",
       "Only images that show this label of a label set, or a kind of it; repeatable"},
      {"labels", &Choices::labels, "NAME|FILE", "Label sets to take --label from; default: the model's own"},
      {"min_confidence", &Choices::min_confidence, "P",
       "With --label: least confidence; default: the threshold of each set", 0, 1},
  };
  return kTable;
}

}  // namespace kiloword
