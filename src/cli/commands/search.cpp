#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/input/open_engine.h"
#include "cli/output/output.h"
#include "kiloword/base/utf8.h"
#include "kiloword/pipeline/record.h"
#include "kiloword/search/image_search.h"

namespace kiloword::cli {
namespace {

/// A part of a query.
struct Term {
  std::string text;  ///< or an image's path
  bool is_image = false;
  float weight = 1;
};

/// The terms between "+" and "-"; words side by side are one text, and what names a file is an image.
std::vector<Term> terms_of(const SearchArguments& arguments) {
  std::vector<Term> terms;
  Term term;
  const auto end_term = [&](float next_weight) {
    std::error_code ignored;
    term.is_image = std::filesystem::is_regular_file(term.text, ignored);
    if (!term.text.empty()) terms.push_back(std::move(term));
    term = Term();
    term.weight = next_weight;
  };
  for (const std::string& word : arguments.terms) {
    if (word == "+" || word == "-") {
      end_term(word == "+" ? 1.0F : -1.0F);
    } else {
      term.text += (term.text.empty() ? "" : " ") + word;
    }
  }
  end_term(1);
  for (const std::string& image : arguments.like) terms.push_back({image, true, 1});
  if (terms.empty() && arguments.choices.shown.empty()) {
    throw Error(ErrorKind::kUsage, "nothing to look for", "",
                "give a text, an image with --like, or a label with --label");
  }
  return terms;
}

/// The sum of the terms' embeddings, of unit length; empty without terms.
std::vector<float> embedding_of(const std::vector<Term>& terms, const Engine& engine) {
  std::vector<Embeddings> embeddings;
  std::vector<WeightedEmbedding> weighted;
  for (const Term& term : terms) {
    embeddings.push_back(term.is_image ? engine.embed_image_file(term.text)
                                       : engine.embed_texts({term.text}));
    weighted.push_back({embeddings.back().row(0), term.weight});
  }
  return terms.empty() ? std::vector<float>() : summed(weighted, static_cast<size_t>(engine.embedding_dim()));
}

/// The model of the index, unless another one is asked for.
ModelOptions model_of(const SearchArguments& arguments, const IndexKey& key) {
  ModelOptions model = arguments.model;
  if (model.model == kDefaultModel) model.model = key.model;
  return model;
}

std::vector<std::string> index_files(const SearchArguments& arguments) {
  if (!arguments.index_files.empty()) return arguments.index_files;
  return {find_index(arguments.index.folder)};
}

std::string text_of(const FoundImage& image, size_t rank, const IndexChoice& choice) {
  if (choice.ends_with_nul) return image.path + '\0';
  if (choice.format == Format::kJson)
    return match_json(image.path, rank, {image.cosine, image.confidence}) + "\n";
  std::string text;
  for (const std::optional<double>& score : {image.cosine, image.confidence}) {
    char number[16];  // NOLINT(modernize-avoid-c-arrays)
    if (score) std::snprintf(number, sizeof number, "%7.4f  ", *score);
    if (score) text += number;
  }
  return text + printable(image.path) + "\n";
}

}  // namespace

int run_search(const SearchArguments& arguments, Console& console) {
  const std::vector<Term> terms = terms_of(arguments);
  const ImageSearch search(index_files(arguments), arguments.index.incomplete);
  const Engine engine =
      open_engine(model_of(arguments, search.key()), arguments.limits, /*many_images=*/false, console);
  search.require_fingerprint(engine.parts().encoder().fingerprint());
  std::shared_ptr<const LabelBank> bank;
  std::optional<LabelMatcher> labels;
  const SearchChoices& choices = arguments.choices;
  if (!choices.shown.empty()) {
    bank = engine.parts().label_bank(choices.labels, RankRule::kCalibrated);
    labels.emplace(*bank, engine.parts().encoder(), choices);
  }
  SearchQuery query(choices);
  query.embedding = embedding_of(terms, engine);
  query.labels = labels ? &*labels : nullptr;
  query.folder = arguments.index.folder;
  query.threads = arguments.model.compute.threads;
  const FoundImages result = search.find(query);
  for (size_t i = 0; i < result.images.size(); ++i) {
    write_text(text_of(result.images[i], i + 1, arguments.index));
  }
  if (result.gone > 0) {
    console.warning("gone from the folder: " + std::to_string(result.gone) +
                    " of the images that would be here; bring the index up to date with 'kiloword index'");
  }
  return 0;
}

}  // namespace kiloword::cli
