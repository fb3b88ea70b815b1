#include "guided/search_group.h"

#include <map>
#include <utility>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using Candidates = std::vector<Continuation*>;

Candidates all_of(std::vector<Continuation>& continuations) {
  Candidates all;
  all.reserve(continuations.size());
  for (Continuation& continuation : continuations) all.push_back(&continuation);
  return all;
}

Candidates all_candidates(Search& search) {
  return all_of(search.candidates());
}

Candidates chosen_ones(Search& search) {
  Candidates chosen = all_of(search.chosen().going_on);
  const Candidates ended = all_of(search.chosen().ended);
  chosen.insert(chosen.end(), ended.begin(), ended.end());
  return chosen;
}

Candidates going_on(Search& search) {
  return all_of(search.chosen().going_on);
}

GuidedResult result_of(Search& search) {
  GuidedResult result;
  try {
    result.description = search.result();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    result.error = error;
  }
  return result;
}

}  // namespace

template <typename CandidatesOf>
void SearchGroup::show(const std::vector<Member>& members, CandidatesOf candidates_of) {
  std::map<std::pair<int64_t, int32_t>, int64_t> row_of;  // by parent's row and token
  std::vector<int64_t> parents;
  std::vector<int32_t> ids;
  for (const Member& member : members) {
    for (Continuation* candidate : candidates_of(*member.search)) {
      const int64_t parent = member.search->hypotheses()[candidate->parent].row;
      const auto [row, is_new] =
          row_of.try_emplace({parent, candidate->id}, static_cast<int64_t>(ids.size()));
      candidate->row = row->second;
      if (!is_new) continue;
      parents.push_back(parent);
      ids.push_back(candidate->id);
    }
  }
  if (!ids.empty()) session_.extend(parents, ids);
}

template <typename CandidatesOf>
void SearchGroup::compare(const std::vector<Member>& members, CandidatesOf candidates_of) {
  std::vector<std::vector<std::string>> texts(images_);
  bool any = false;
  for (const Member& member : members) {
    for (const Continuation* candidate : candidates_of(*member.search)) {
      texts[member.image].push_back(candidate->text);
      any = true;
    }
  }
  if (!any) return;
  const std::vector<std::vector<double>> cosines = cosines_.score(texts);
  for (const Member& member : members) {
    size_t next = 0;
    for (Continuation* candidate : candidates_of(*member.search)) {
      candidate->cosine = cosines[member.image][next++];
    }
  }
}

void SearchGroup::read_logprobs(const std::vector<Member>& members) {
  std::map<int64_t, size_t> place_of;
  std::vector<int64_t> rows;
  for (const Member& member : members) {
    for (const Hypothesis& hypothesis : member.search->hypotheses()) {
      if (place_of.try_emplace(hypothesis.row, rows.size()).second) rows.push_back(hypothesis.row);
    }
  }
  if (!rows.empty()) logprobs_ = session_.logprobs(rows);
  for (const Member& member : members) {
    std::vector<const float*>& own = member.search->logprobs();
    own.clear();
    for (const Hypothesis& hypothesis : member.search->hypotheses()) {
      own.push_back(logprobs_.data() + static_cast<int64_t>(place_of.at(hypothesis.row)) * vocab_size_);
    }
  }
}

void SearchGroup::take_step(const std::vector<Member>& members) {
  const bool keeps_hidden = members.front().search->keeps_hidden();
  const bool compares_all = members.front().search->compares_all();
  for (const Member& member : members) member.search->propose();
  if (keeps_hidden) show(members, all_candidates);
  if (compares_all) compare(members, all_candidates);
  for (const Member& member : members) member.search->choose(session_.hidden());
  if (!compares_all) compare(members, chosen_ones);
  if (!keeps_hidden) show(members, going_on);
  for (const Member& member : members) member.search->go_on(session_.hidden());
  read_logprobs(members);
}

std::vector<GuidedResult> SearchGroup::run(const std::vector<std::unique_ptr<Search>>& searches) {
  images_ = searches.size();
  std::vector<Member> members;
  for (size_t i = 0; i < searches.size(); ++i) members.push_back({searches[i].get(), i});
  std::vector<GuidedResult> results(searches.size());
  if (!members.empty()) read_logprobs(members);
  while (!members.empty()) {
    take_step(members);
    std::vector<Member> going_on;
    for (const Member& member : members) {
      if (member.search->is_over()) {
        results[member.image] = result_of(*member.search);
      } else {
        going_on.push_back(member);
      }
    }
    members = std::move(going_on);
  }
  return results;
}

}  // namespace kiloword
