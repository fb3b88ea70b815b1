#pragma once

#include "kiloword/clip/embeddings.h"
#include "kiloword/labels/examples.h"
#include "kiloword/labels/label_set.h"

namespace kiloword {

/// Replaces the rows of `labels` [L, D], the text embeddings of `set`, of those labels that `examples` has
/// pictures of by unit vectors that find such pictures. `negatives` [N, D] are the set's.
///
/// Images and texts lie in cones of their own, so that pictures may not simply be averaged with a text: the
/// label would win against every text. Instead, with m and S the mean and covariance of the background
/// pictures, b the mean text of the set and x the mean example,
///   d = (S + 3 tr(S)/D)^-1 (x - m)      (a linear discriminant with a ridge: Fisher 1936),
///   v = w (t - b) / sigma + (1 - w) d / sigma,
/// each divided by the deviation of its products with the background, and both without the direction of m, so
/// that no cosine rises for all pictures alike. w = q / (q + sqrt(n) / 2) for n examples, where
/// q = max(0, (1 + sum of z) / (1 + n)) tells from the text's standard cosines z with the examples whether
/// the model knows the name. The row is the unit vector between b and v that has b's mean cosine with the
/// background, as near to v as it can be without being the best of the set for more of the background than
/// the text alone or, if that is more, the labels on average. Throws Error(kInternal) for other widths.
void mix_examples(const LabelSet& set, const SetExamples& examples, const Embeddings& negatives,
                  Embeddings& labels);

}  // namespace kiloword
