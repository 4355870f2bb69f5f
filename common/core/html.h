#pragma once

#include <string>
#include <string_view>

namespace escalon {

/// The text as it has to stand in HTML, between tags or in a quoted attribute, to be shown and to do nothing else.
std::string EscapeHtml(std::string_view text);

}  // namespace escalon
