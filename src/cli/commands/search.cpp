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
#include "cli/output/page_output.h"
#include "kiloword/base/interrupt.h"
#include "kiloword/base/output_target.h"
#include "kiloword/base/thread_count.h"
#include "kiloword/base/utf8.h"
#include "kiloword/pipeline/record.h"
#include "kiloword/report/search_page.h"
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

/// The query as it was given, for people.
std::string query_text(const SearchArguments& arguments) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : " ") + part; };
  for (const std::string& word : arguments.terms) add(word);
  for (const std::string& image : arguments.like) add((text.empty() ? "like " : "+ ") + image);
  for (const std::string& label : arguments.choices.shown) add("[" + label + "]");
  return text;
}

/// The path of `image` from the folder of `page`; empty where there is no such file.
std::string link_of(const std::string& image, const std::string& page) {
  namespace fs = std::filesystem;
  std::error_code failed;
  if (page == "-" || !fs::is_regular_file(image, failed)) return "";
  const fs::path folder = fs::absolute(page, failed).lexically_normal().parent_path();
  const fs::path link = fs::absolute(image, failed).lexically_normal().lexically_relative(folder);
  return failed ? "" : link.string();
}

/// Returns the exit code.
int write_page(const SearchArguments& arguments, const std::string& model, const FoundImages& found,
               PageOutput& output, Console& console) {
  SearchPage page;
  page.query = query_text(arguments);
  page.about = std::to_string(found.images.size()) + (found.images.size() == 1 ? " image" : " images") +
               ", best first; model " + model;
  page.thumbnail_px = arguments.thumbnail_px;
  page.limits = arguments.limits;
  page.threads = thread_count(arguments.model.compute.threads);
  page.stop = interrupt_requested;
  for (const FoundImage& image : found.images) {
    refuse_input_as_output(arguments.page, {image.path});
    page.images.push_back({image.path, link_of(image.path, arguments.page), image.cosine, image.confidence});
  }
  drain_on_first_interrupt();  // so that an unfinished file is removed
  const std::optional<uint64_t> without =
      write_search_page(page, [&output](std::string_view bytes) { output.write(bytes); });
  if (!without) return kInterruptedExit;
  output.finish();
  if (*without > 0) console.warning("no thumbnail of " + std::to_string(*without) + " of the images");
  return 0;
}

}  // namespace

int run_search(const SearchArguments& arguments, Console& console) {
  const std::vector<Term> terms = terms_of(arguments);
  std::optional<PageOutput> page;  // before the model is loaded: errors come early
  if (!arguments.page.empty()) page.emplace(arguments.page, arguments.overwrite);
  const std::vector<std::string> files = index_files(arguments);
  refuse_input_as_output(arguments.page, files);
  const ImageSearch search(files, arguments.index.incomplete);
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
  int code = 0;
  if (page) {
    code = write_page(arguments, search.key().model, result, *page, console);
  } else {
    for (size_t i = 0; i < result.images.size(); ++i) {
      write_text(text_of(result.images[i], i + 1, arguments.index));
    }
  }
  if (result.gone > 0) {
    console.warning("no longer in the folder: " + std::to_string(result.gone) +
                    " of the images found; update the index with 'kiloword index'");
  }
  return code;
}

}  // namespace kiloword::cli
