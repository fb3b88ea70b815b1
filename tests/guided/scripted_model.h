#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/guided/text_scorer.h"
#include "kiloword/model/language_model.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword::testing {

/// Some nouns and what stands between them.
inline const std::vector<std::string> kNounPieces{"",     " a",   " dog", " cat", " red", " car", " runs",
                                                  " and", " big", " on",  " the", " sea", "s",    " bird"};

/// Pieces joined as they are; the longest piece that fits is taken. Id 0 is the end.
class PieceTokenizer : public Tokenizer {
 public:
  explicit PieceTokenizer(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {}

  std::vector<int32_t> encode(std::string_view text) const override {
    std::vector<int32_t> ids;
    while (!text.empty()) {
      int32_t best = -1;
      for (int32_t id = 1; id < vocab_size(); ++id) {
        const std::string& piece = pieces_[static_cast<size_t>(id)];
        const bool fits = text.substr(0, piece.size()) == piece;
        if (fits && (best < 0 || piece.size() > pieces_[static_cast<size_t>(best)].size())) best = id;
      }
      if (best >= 0) ids.push_back(best);
      text.remove_prefix(best >= 0 ? pieces_[static_cast<size_t>(best)].size() : 1);
    }
    return ids;
  }
  std::string decode(const std::vector<int32_t>& ids) const override {
    std::string text;
    for (const int32_t id : ids) text += id == 0 ? "" : piece(id);
    return text;
  }
  std::string piece(int32_t id) const override { return pieces_.at(static_cast<size_t>(id)); }
  int32_t vocab_size() const override { return static_cast<int32_t>(pieces_.size()); }
  int32_t start_id() const override { return -1; }
  int32_t end_id() const override { return 0; }

 private:
  std::vector<std::string> pieces_;
};

/// Unnormalised log-probabilities of all ids after `ids`.
using Script = std::function<std::vector<double>(const std::vector<int32_t>& ids)>;

/// A language model that says what a function says. The hidden state of a token is (cos, sin) of an angle
/// that depends on its id alone.
class ScriptedModel : public LanguageModel {
 public:
  static constexpr int kContext = 32;

  ScriptedModel(std::vector<std::string> pieces, Script script)
      : tokenizer_(std::move(pieces)), script_(std::move(script)) {}

  const Tokenizer& tokenizer() const override { return tokenizer_; }
  int64_t context_length() const override { return kContext; }
  int64_t width() const override { return 2; }
  std::string device() const override { return "cpu"; }
  int64_t vocab_size() const override { return tokenizer_.vocab_size(); }
  int32_t end_id() const override { return 0; }
  std::vector<int32_t> encode_prompt(const std::string& text) const override {
    return text.empty() ? std::vector<int32_t>{0} : tokenizer_.encode(text);
  }
  ChatPrompt encode_chat(const std::string& message, const std::string& answer) const override {
    ChatPrompt prompt{tokenizer_.encode(message), 0};
    prompt.header = prompt.ids.size();
    for (const int32_t id : tokenizer_.encode(answer)) prompt.ids.push_back(id);
    return prompt;
  }
  std::unique_ptr<LmSession> start(const std::vector<int32_t>& ids) override {
    return std::make_unique<Session>(*this, ids);
  }

  std::vector<float> logprobs(const std::vector<int32_t>& ids) const {
    const std::vector<double> raw = script_(ids);
    double total = 0;
    for (const double value : raw) total += std::exp(value);
    std::vector<float> result;
    for (const double value : raw) result.push_back(static_cast<float>(value - std::log(total)));
    return result;
  }
  static std::vector<float> hidden(int32_t id) {
    return {static_cast<float>(std::cos(0.9 * id)), static_cast<float>(std::sin(0.9 * id))};
  }

 private:
  class Session : public LmSession {
   public:
    Session(const ScriptedModel& model, const std::vector<int32_t>& ids) : model_(model), rows_{ids} {
      for (const int32_t id : ids) append(prompt_hidden_, ScriptedModel::hidden(id));
      hidden_ = ScriptedModel::hidden(ids.back());
    }
    int64_t rows() const override { return static_cast<int64_t>(rows_.size()); }
    int64_t length() const override { return static_cast<int64_t>(rows_.front().size()); }
    const std::vector<float>& hidden() const override { return hidden_; }
    const std::vector<float>& prompt_hidden() const override { return prompt_hidden_; }
    std::vector<float> logprobs(const std::vector<int64_t>& rows) const override {
      std::vector<float> result;
      for (const int64_t row : rows) append(result, model_.logprobs(rows_.at(static_cast<size_t>(row))));
      return result;
    }
    void extend(const std::vector<int64_t>& parents, const std::vector<int32_t>& ids) override {
      std::vector<std::vector<int32_t>> rows;
      hidden_.clear();
      for (size_t i = 0; i < ids.size(); ++i) {
        rows.push_back(rows_.at(static_cast<size_t>(parents[i])));
        rows.back().push_back(ids[i]);
        append(hidden_, ScriptedModel::hidden(ids[i]));
      }
      rows_ = std::move(rows);
    }

   private:
    static void append(std::vector<float>& to, const std::vector<float>& values) {
      to.insert(to.end(), values.begin(), values.end());
    }

    const ScriptedModel& model_;
    std::vector<std::vector<int32_t>> rows_;
    std::vector<float> prompt_hidden_;
    std::vector<float> hidden_;
  };

  PieceTokenizer tokenizer_;
  Script script_;
};

/// Scores texts by a function, and counts them.
class ScriptedScorer : public TextScorer {
 public:
  explicit ScriptedScorer(std::function<double(const std::string&)> value) : value_(std::move(value)) {}
  std::vector<double> score(const std::vector<std::string>& texts) override {
    texts_scored += texts.size();
    std::vector<double> values;
    for (const std::string& text : texts) values.push_back(value_(text));
    return values;
  }
  size_t texts_scored = 0;

 private:
  std::function<double(const std::string&)> value_;
};

/// A number in [0, 1) that depends on the text alone.
inline double hashed(const std::string& text) {
  uint64_t state = 1469598103934665603U;
  for (const char c : text) state = (state ^ static_cast<unsigned char>(c)) * 1099511628211U;
  state = (state ^ (state >> 29U)) * 0xbf58476d1ce4e5b9U;
  return static_cast<double>((state ^ (state >> 32U)) >> 11U) * 0x1p-53;
}

/// A language model in whose eyes what comes next depends on all that came before, in no way that makes
/// sense.
inline Script arbitrary_script(size_t vocab) {
  return [vocab](const std::vector<int32_t>& ids) {
    std::string key;
    for (const int32_t id : ids) key += std::to_string(id) + ",";
    std::vector<double> values;
    for (size_t id = 0; id < vocab; ++id) values.push_back(4 * hashed(key + std::to_string(id)));
    return values;
  };
}

}  // namespace kiloword::testing
