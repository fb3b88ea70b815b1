#pragma once

#include <string_view>

#include "kiloword/labels/examples.h"
#include "kiloword/labels/label_set.h"
#include "kiloword/model/embeddings.h"

namespace kiloword {

/// Part of the keys of sets with examples. Change it whenever mix_examples() computes different rows from the
/// same examples, so that older calibrations no longer apply.
constexpr std::string_view kExampleMixVersion = "2";

/// Replaces rows of `labels` [L, D], the text embeddings of `set`: each label with images in `examples` gets
/// a unit vector that matches such images. `negatives` [N, D] are those of the set.
///
/// Images and texts lie in separate cones, so an average of images and text would win against every text.
/// Instead, let m and S be the mean and covariance of the images that the label must be separated from, t the
/// label's text, b the mean text of the set and x the mean example:
///   d = (S + 3 tr(S)/D)^-1 (x - m)      (a linear discriminant with a ridge: Fisher 1936),
///   v = w (t - b) / sigma + (1 - w) d / sigma,
/// where sigma is the deviation of each term's products with the background, and both terms are orthogonal to
/// the mean background image, so that no cosine rises for all images alike. m and S are pooled over the
/// background and the M examples of the set's other labels, which have the share M / (M + 100); at most 1,024
/// of them are used. w = q / (q + sqrt(n) / 2) for n examples, where q = max(0, (1 + sum of z) / (1 + n)),
/// with the text's z-scores z on the examples, estimates whether the model knows the name. The row is the
/// unit vector along v with b's cosine with the mean background image, reduced (by 0.8 at most) until the
/// label is the best of the set for no more of the background than its text alone or the average label,
/// whichever is more, and for at most a twentieth of the other labels' examples. Throws Error(kInternal) if
/// widths differ.
void mix_examples(const LabelSet& set, const SetExamples& examples, const Embeddings& negatives,
                  Embeddings& labels);

}  // namespace kiloword
