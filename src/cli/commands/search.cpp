#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/input/open_engine.h"
#include "cli/input/searched_index.h"
#include "cli/output/output.h"
#include "kiloword/base/utf8.h"
#include "kiloword/index/nearest.h"
#include "kiloword/pipeline/record.h"

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
  if (terms.empty())
    throw Error(ErrorKind::kUsage, "nothing to look for", "", "give a text, or an image with --like");
  return terms;
}

/// The sum of the terms' embeddings, of unit length.
std::vector<float> query_of(const std::vector<Term>& terms, const Engine& engine) {
  std::vector<float> query(static_cast<size_t>(engine.embedding_dim()));
  for (const Term& term : terms) {
    const Embeddings embedding =
        term.is_image ? engine.embed_image_file(term.text) : engine.embed_texts({term.text});
    for (size_t d = 0; d < query.size(); ++d) query[d] += term.weight * embedding.row(0)[d];
  }
  double squares = 0;
  for (const float value : query) squares += static_cast<double>(value) * static_cast<double>(value);
  const auto length = static_cast<float>(std::sqrt(squares));
  if (length < 1e-6F) throw Error(ErrorKind::kUsage, "the terms of the query cancel each other out");
  for (float& value : query) value /= length;
  return query;
}

/// The model of the index, unless another one is asked for.
ModelOptions model_of(const SearchArguments& arguments, const ImageIndex& index) {
  ModelOptions model = arguments.model;
  if (model.model == kDefaultModel) model.model = index.key().model;
  return model;
}

void require_same_model(const Engine& engine, const ImageIndex& index) {
  if (engine.parts().encoder().fingerprint() == index.key().fingerprint) return;
  throw Error(
      ErrorKind::kModel, "the index was made with another model or precision ('" + index.key().model + "')",
      index.path(), "name that with --model, or make the index anew with 'kiloword index --overwrite'");
}

/// The best images that are still there; `gone` is how many are not.
std::vector<Match> matches_of(const SearchedIndex& searched, const std::vector<float>& query,
                              const SearchArguments& arguments, size_t& gone) {
  NearestOptions options;
  options.threads = arguments.model.compute.threads;
  options.accepts = searched.accepts();
  if (arguments.min_cosine) options.min_cosine = static_cast<float>(*arguments.min_cosine);
  for (options.top = arguments.top;; options.top *= 2) {
    std::vector<Match> matches = nearest(searched.index(), query.data(), options);
    const bool are_all = matches.size() < options.top;
    const auto end = std::stable_partition(matches.begin(), matches.end(), [&](const Match& match) {
      return searched.is_there(searched.index().image_path(match.row));
    });
    gone = static_cast<size_t>(matches.end() - end);
    matches.erase(end, matches.end());
    if (matches.size() < arguments.top && !are_all) continue;
    if (matches.size() > arguments.top) matches.resize(arguments.top);
    return matches;
  }
}

std::string match_text(const std::string& path, const Match& match, size_t rank, const IndexChoice& choice) {
  if (choice.ends_with_nul) return path + '\0';
  if (choice.format == Format::kJson) return match_json(path, rank, static_cast<double>(match.cosine)) + "\n";
  char cosine[16];  // NOLINT(modernize-avoid-c-arrays)
  std::snprintf(cosine, sizeof cosine, "%7.4f  ", static_cast<double>(match.cosine));
  return cosine + printable(path) + "\n";
}

}  // namespace

int run_search(const SearchArguments& arguments, Console& console) {
  const std::vector<Term> terms = terms_of(arguments);
  const SearchedIndex searched(arguments.index);
  const Engine engine =
      open_engine(model_of(arguments, searched.index()), arguments.limits, /*many_images=*/false, console);
  require_same_model(engine, searched.index());
  const std::vector<float> query = query_of(terms, engine);
  size_t gone = 0;
  const std::vector<Match> matches = matches_of(searched, query, arguments, gone);
  for (size_t i = 0; i < matches.size(); ++i) {
    const std::string path = searched.shown(searched.index().image_path(matches[i].row));
    write_text(match_text(path, matches[i], i + 1, arguments.index));
  }
  if (gone > 0) {
    console.warning("gone from the folder: " + std::to_string(gone) +
                    " of the images that would be here; bring the index up to date with 'kiloword index'");
  }
  return 0;
}

}  // namespace kiloword::cli
