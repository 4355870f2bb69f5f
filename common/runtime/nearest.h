#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace escalon::runtime {

/// Insertions, deletions, replacements and swaps of neighbours that turn one into the other (optimal string alignment).
size_t EditDistance(std::string_view a, std::string_view b);
/// The most similar of `known`, or "" when none is near enough to be what was meant.
std::string Nearest(std::string_view word, const std::vector<std::string>& known);
/// ` (did you mean "x"?)` or "".
std::string DidYouMean(std::string_view word, const std::vector<std::string>& known);

}  // namespace escalon::runtime
