#pragma once

#include <string_view>

#include "kiloword/labels/examples.h"
#include "kiloword/labels/label_set.h"
#include "kiloword/model/embeddings.h"

namespace kiloword {

/// Goes into the keys of sets with examples; to be changed when mix_examples makes other rows of the same
/// examples, so that older calibrations no longer count.
constexpr std::string_view kExampleMixVersion = "2";

/// Replaces the rows of `labels` [L, D], the text embeddings of `set`, of those labels that `examples` has
/// images of by unit vectors that find such images. `negatives` [N, D] are the set's.
///
/// Images and texts lie in cones of their own, so that images may not simply be averaged with a text: the
/// label would win against every text. Instead, with m and S the mean and covariance of the images that the
/// label must be separated from, b the mean text of the set and x the mean example,
///   d = (S + 3 tr(S)/D)^-1 (x - m)      (a linear discriminant with a ridge: Fisher 1936),
///   v = w (t - b) / sigma + (1 - w) d / sigma,
/// each divided by the deviation of its products with the background, and both without the direction of the
/// mean background image, so that no cosine rises for all images alike. m and S are of the background and
/// the M examples of the set's other labels pooled, these with the share M / (M + 100); of more than 1,024 of
/// them, 1,024 are used. w = q / (q + sqrt(n) / 2) for n examples, where
/// q = max(0, (1 + sum of z) / (1 + n)) estimates from the text's z-scores z with the examples whether
/// the model knows the name. The row is the unit vector along v with b's cosine with the mean background
/// image, or with as much less of it (0.8 at most) as keeps the label from being the best of the set for
/// more of the background than the text alone or, if that is more, the labels on average, and for more than a
/// twentieth of the other labels' examples. Throws Error(kInternal) for other widths.
void mix_examples(const LabelSet& set, const SetExamples& examples, const Embeddings& negatives,
                  Embeddings& labels);

}  // namespace kiloword
