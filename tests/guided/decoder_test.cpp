// The decoder against its formulas, on a language model and scorers of a few lines.

#include "kiloword/guided/decoder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "guided/scripted_model.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using testing::arbitrary_script;
using testing::hashed;
using testing::kNounPieces;
using testing::ScriptedModel;
using testing::ScriptedScorer;

double cosine(const std::string& text) {
  return hashed("cos" + text) - 0.5;
}

class Decoder : public ::testing::Test {
 protected:
  Description describe(const GuidedOptions& options, TextScorer* scorer = nullptr) {
    ScriptedScorer cosines(cosine);
    return GuidedDecoder(model_, rules_, options, kLogitScale).describe(cosines, scorer);
  }

  /// ids in front of what is written, with an empty prompt
  static std::vector<int32_t> start() { return {0}; }

  static constexpr double kLogitScale = 10;
  ScriptedModel model_{kNounPieces, arbitrary_script(kNounPieces.size())};
  OutputRules rules_{OutputRuleOptions{}};
};

std::vector<int32_t> top(const std::vector<float>& logprobs, size_t count) {
  std::vector<int32_t> ids(logprobs.size());
  for (size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<int32_t>(i);
  std::sort(ids.begin(), ids.end(), [&](int32_t a, int32_t b) {
    return logprobs[static_cast<size_t>(a)] > logprobs[static_cast<size_t>(b)];
  });
  ids.resize(count);
  return ids;
}

TEST_F(Decoder, DemoTakesTheHighestCosineAmongTheLikeliestTokens) {
  GuidedOptions options = preset_options("demo");
  EXPECT_EQ(options.prompt, "An image of ");
  EXPECT_EQ(options.candidates, 2500);
  EXPECT_EQ(options.tokens, 25);
  options.prompt = " the";
  options.candidates = 5;
  options.tokens = 8;
  std::vector<int32_t> ids = model_.encode_prompt(options.prompt);
  std::string text = " the";
  for (int step = 0; step < options.tokens; ++step) {
    double best = -2;
    int32_t best_id = 0;
    for (const int32_t id : top(model_.logprobs(ids), 5)) {
      const std::string longer = text + model_.tokenizer().decode({id});
      if (id != 0 && cosine(longer) > best) {
        best = cosine(longer);
        best_id = id;
      }
    }
    ids.push_back(best_id);
    text += model_.tokenizer().decode({best_id});
  }
  const Description description = describe(options);
  EXPECT_EQ(description.text, text.substr(1));  // without the space in front
  EXPECT_EQ(description.tokens.size(), 8U);
  EXPECT_DOUBLE_EQ(description.cosine, cosine(text));
  for (size_t i = 0; i < 8; ++i) EXPECT_EQ(description.tokens[i].id, ids[i + 1]);
}

TEST_F(Decoder, DemoSamplesFromTheSoftmaxOfCosines) {
  GuidedOptions options = preset_options("demo");
  options.prompt = " the";
  options.candidates = 4;
  options.tokens = 1;
  options.temperature = 0.2;
  std::map<int32_t, double> expected;
  double total = 0;
  for (const int32_t id : top(model_.logprobs(model_.encode_prompt(" the")), 4)) {
    if (id == 0) continue;
    expected[id] = std::exp(cosine(" the" + model_.tokenizer().decode({id})) / 0.2);
    total += expected[id];
  }
  constexpr int kDraws = 4000;
  std::map<int32_t, int> drawn;
  for (int seed = 0; seed < kDraws; ++seed) {
    options.seed = static_cast<uint64_t>(seed);
    ++drawn[describe(options).tokens.front().id];
  }
  for (const auto& [id, weight] : expected) {
    const double probability = weight / total;
    const double deviation = std::sqrt(probability * (1 - probability) / kDraws);
    EXPECT_NEAR(drawn[id] / static_cast<double>(kDraws), probability, 4.5 * deviation) << id;
  }
}

TEST_F(Decoder, WithoutThePictureItIsTheLanguageModelAlone) {
  GuidedOptions options = preset_options("balanced");
  options.clip_weight = 0;
  options.beams = 1;
  options.tokens = 6;
  options.candidates = static_cast<int>(kNounPieces.size());
  options.no_repeat_ngram = 0;
  options.stop = StopRule::kNever;
  std::vector<int32_t> ids = start();
  for (int step = 0; step < 6; ++step) {
    std::vector<float> logprobs = model_.logprobs(ids);
    logprobs[0] = -1e9F;  // the end is never written
    ids.push_back(top(logprobs, 1).front());
  }
  const Description description = describe(options);
  ASSERT_EQ(description.tokens.size(), 6U);
  for (size_t i = 0; i < 6; ++i) EXPECT_EQ(description.tokens[i].id, ids[i + 1]);
  EXPECT_DOUBLE_EQ(description.tokens[3].cosine,
                   cosine(model_.tokenizer().decode({ids.begin() + 1, ids.begin() + 5})));
}

TEST_F(Decoder, WithoutThePictureADrawIsTheLanguageModels) {
  GuidedOptions options = preset_options("balanced");
  options.clip_weight = 0;
  options.beams = 1;
  options.candidates = static_cast<int>(kNounPieces.size());
  options.no_repeat_ngram = 0;
  options.temperature = 1;
  options.stop = StopRule::kNever;
  // After " the dog", whatever else was drawn: how often each third token comes.
  std::map<int32_t, int> drawn;
  int draws = 0;
  options.prompt = " the dog";
  options.tokens = 2;
  for (int seed = 0; seed < 20000; ++seed) {
    options.seed = static_cast<uint64_t>(seed);
    const std::vector<DescribedToken> tokens = describe(options).tokens;
    if (tokens[0].id != 7) continue;  // " and"
    ++drawn[tokens[1].id];
    ++draws;
  }
  ASSERT_GT(draws, 300);
  std::vector<int32_t> ids = model_.encode_prompt(" the dog and");
  std::vector<float> logprobs = model_.logprobs(ids);
  const double without_end = 1 - std::exp(logprobs[0]);
  for (size_t id = 1; id < logprobs.size(); ++id) {
    const double probability = std::exp(logprobs[id]) / without_end;
    const double deviation = std::sqrt(probability * (1 - probability) / draws);
    EXPECT_NEAR(drawn[static_cast<int32_t>(id)] / static_cast<double>(draws), probability, 4.5 * deviation)
        << id;
  }
}

/// V of the default objective, for the ids behind the start.
double value_of(const ScriptedModel& model, const std::vector<int32_t>& written, const GuidedOptions& options,
                double scale) {
  std::vector<int32_t> ids{0};
  double logprob = 0;
  for (const int32_t id : written) {
    logprob += model.logprobs(ids)[static_cast<size_t>(id)];
    ids.push_back(id);
  }
  return options.lm_weight * logprob +
         options.clip_weight * scale * cosine(model.tokenizer().decode(written));
}

TEST_F(Decoder, WideBeamsFindTheBestOfAllTexts) {
  GuidedOptions options = preset_options("balanced");
  options.stop = StopRule::kNever;
  options.tokens = 3;
  options.candidates = static_cast<int>(kNounPieces.size());
  options.beams = 2000;  // all there are
  options.no_repeat_ngram = 0;
  options.lm_weight = 0.7;
  double best = -std::numeric_limits<double>::infinity();
  double highest_cosine = -1;
  const auto last = static_cast<int32_t>(kNounPieces.size());
  for (int32_t a = 1; a < last; ++a) {
    for (int32_t b = 1; b < last; ++b) {
      for (int32_t c = 1; c < last; ++c) {
        best = std::max(best, value_of(model_, {a, b, c}, options, kLogitScale));
        highest_cosine = std::max(highest_cosine, cosine(model_.tokenizer().decode({a, b, c})));
      }
    }
  }
  // Of all finished texts the one of the highest cosine is taken ...
  EXPECT_DOUBLE_EQ(describe(options).cosine, highest_cosine);
  // ... and one beam of the same width in its last step has the highest value.
  double observed = -std::numeric_limits<double>::infinity();
  ScriptedScorer cosines(cosine);
  GuidedDecoder(model_, rules_, options, kLogitScale).describe(cosines, nullptr, [&](const SearchView& view) {
    observed = view.candidates.front().value;
  });
  EXPECT_NEAR(observed, best, 1e-5);
}

TEST_F(Decoder, NarrowBeamsKeepTheBestOfEachStep) {
  GuidedOptions options = preset_options("balanced");
  options.stop = StopRule::kNever;
  options.tokens = 4;
  options.candidates = 6;
  options.beams = 2;
  options.no_repeat_ngram = 0;
  std::vector<std::vector<int32_t>> beams{{}};
  for (int step = 0; step < 4; ++step) {
    std::vector<std::pair<double, std::vector<int32_t>>> all;
    for (const std::vector<int32_t>& beam : beams) {
      std::vector<int32_t> ids{0};
      ids.insert(ids.end(), beam.begin(), beam.end());
      for (const int32_t id : top(model_.logprobs(ids), 6)) {
        if (id == 0) continue;
        std::vector<int32_t> longer = beam;
        longer.push_back(id);
        all.emplace_back(value_of(model_, longer, options, kLogitScale), longer);
      }
    }
    std::sort(all.rbegin(), all.rend());
    beams = {all[0].second, all[1].second};
  }
  double best = -1;
  for (const auto& beam : beams) best = std::max(best, cosine(model_.tokenizer().decode(beam)));
  EXPECT_DOUBLE_EQ(describe(options).cosine, best);
}

TEST_F(Decoder, MagicFollowsItsEquation) {
  GuidedOptions options = preset_options("magic");
  EXPECT_EQ(options.candidates, 45);
  EXPECT_EQ(options.tokens, 16);
  options.prompt = " the";
  options.candidates = 6;
  options.tokens = 5;
  std::vector<int32_t> ids = model_.encode_prompt(options.prompt);
  const auto similarity = [](int32_t a, int32_t b) {
    const auto x = ScriptedModel::hidden(a);
    const auto y = ScriptedModel::hidden(b);
    return static_cast<double>(x[0]) * y[0] + static_cast<double>(x[1]) * y[1];
  };
  for (int step = 0; step < 5; ++step) {
    const std::vector<float> logprobs = model_.logprobs(ids);
    std::vector<int32_t> candidates;
    double total = 0;
    for (const int32_t id : top(logprobs, 6)) {
      if (id == 0) continue;
      candidates.push_back(id);
      std::vector<int32_t> longer = ids;
      longer.push_back(id);
      total += std::exp(kLogitScale * cosine(model_.tokenizer().decode(longer)));
    }
    double best = -10;
    int32_t best_id = 0;
    for (const int32_t id : candidates) {
      std::vector<int32_t> longer = ids;
      longer.push_back(id);
      double most_alike = -1;
      for (const int32_t before : ids) most_alike = std::max(most_alike, similarity(before, id));
      const double value = 0.9 * std::exp(logprobs[static_cast<size_t>(id)]) - 0.1 * most_alike +
                           2 * std::exp(kLogitScale * cosine(model_.tokenizer().decode(longer))) / total;
      if (value > best) {
        best = value;
        best_id = id;
      }
    }
    ids.push_back(best_id);
  }
  const Description description = describe(options);
  ASSERT_EQ(description.tokens.size(), 5U);
  for (size_t i = 0; i < 5; ++i) EXPECT_EQ(description.tokens[i].id, ids[i + 1]) << i;
}

TEST_F(Decoder, AnotherScorerIsMixedInOrTakesOver) {
  GuidedOptions options = preset_options("demo");
  options.prompt = " the";
  options.candidates = 6;
  options.tokens = 4;
  options.clip_weight = 0;
  ScriptedScorer other([](const std::string& text) { return hashed("other" + text); });
  const Description alone = describe(options, &other);
  EXPECT_GT(other.texts_scored, 4U);
  options.clip_weight = 1;
  options.scorer_weight = 1e-9;
  EXPECT_EQ(describe(options, &other).text, describe(options).text);
  options.scorer_weight = 1e9;
  EXPECT_EQ(describe(options, &other).text, alone.text);
}

TEST_F(Decoder, TheSameSeedGivesTheSameText) {
  GuidedOptions options = preset_options("balanced");
  options.temperature = 1;
  options.stop = StopRule::kNever;
  options.tokens = 8;
  options.candidates = 8;
  std::map<std::string, int> texts;
  for (uint64_t seed = 0; seed < 10; ++seed) {
    options.seed = seed;
    const std::string text = describe(options).text;
    EXPECT_EQ(describe(options).text, text);
    ++texts[text];
  }
  EXPECT_GT(texts.size(), 5U);
}

TEST_F(Decoder, RunsOfTokensDoNotComeBack) {
  ScriptedModel parrot({"", " a", " dog", " cat"}, [](const std::vector<int32_t>& ids) {
    return std::vector<double>{-9, ids.back() == 1 ? 0.0 : 5.0, ids.back() == 1 ? 5.0 : 0.0, -2};
  });
  GuidedOptions options = preset_options("balanced");
  options.clip_weight = 0;
  options.beams = 1;
  options.candidates = 4;
  options.tokens = 6;
  options.stop = StopRule::kNever;
  ScriptedScorer cosines(cosine);
  options.no_repeat_ngram = 0;
  EXPECT_EQ(GuidedDecoder(parrot, rules_, options, 1).describe(cosines, nullptr).text, "a dog a dog a dog");
  options.no_repeat_ngram = 3;
  EXPECT_EQ(GuidedDecoder(parrot, rules_, options, 1).describe(cosines, nullptr).text, "a dog a dog dog a");
}

TEST_F(Decoder, RefusesOptionsThatCannotBe) {
  const auto refusal = [this](const std::function<void(GuidedOptions&)>& change) {
    GuidedOptions options = preset_options("balanced");
    options.candidates = 5;
    change(options);
    try {
      GuidedDecoder(model_, rules_, options, kLogitScale);
    } catch (const Error& error) {
      return std::string(error_kind_name(error.kind())) + ": " + error.what();
    }
    return std::string("accepted");
  };
  EXPECT_EQ(refusal([](GuidedOptions&) {}), "accepted");
  EXPECT_EQ(refusal([](GuidedOptions& o) { o.candidates = 15; }),
            "usage: 15 candidates, but the language model's vocabulary has 14, --candidates; use 14 or less");
  EXPECT_EQ(refusal([](GuidedOptions& o) { o.candidates = 0; }),
            "usage: no candidates, --candidates; use 1 or more");
  EXPECT_EQ(refusal([](GuidedOptions& o) { o.tokens = 0; }),
            "usage: no tokens to write, --tokens; use 1 or more");
  EXPECT_EQ(refusal([](GuidedOptions& o) { o.beams = 0; }), "usage: no beams, --beams; use 1 or more");
  EXPECT_EQ(refusal([](GuidedOptions& o) { o.temperature = std::nan(""); }),
            "usage: a temperature below 0, --temperature; use 0 or more");
  EXPECT_EQ(refusal([](GuidedOptions& o) {
              for (int i = 0; i < ScriptedModel::kContext; ++i) o.prompt += " a";
            }),
            "usage: the prompt has 32 tokens, the language model takes 32 with what it writes, --prompt; "
            "shorten it");
  EXPECT_THROW(preset_options("best"), Error);
}

TEST_F(Decoder, TheContextEndsTheText) {
  GuidedOptions options = preset_options("demo");
  options.prompt = " the";
  options.candidates = 5;
  options.tokens = 1000;
  EXPECT_EQ(describe(options).tokens.size(), static_cast<size_t>(ScriptedModel::kContext - 1));
}

}  // namespace
}  // namespace kiloword
