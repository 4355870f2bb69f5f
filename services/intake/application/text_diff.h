#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace escalon::intake {

/// What differs, line by line: `-` what goes, `+` what comes, in the order of the documents; at most 500 lines, then
/// one that says so. Pure; bounded in time and memory for any input of the size of a document.
std::vector<std::string> DiffLines(std::string_view before, std::string_view after);

}  // namespace escalon::intake
