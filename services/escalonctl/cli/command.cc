#include "services/escalonctl/cli/command.h"

#include <charconv>

namespace escalon::escalonctl {

std::string Option::key() const {
  const std::string first = name.substr(0, name.find(','));
  const size_t dashes = first.find_first_not_of('-');
  return dashes == std::string::npos ? first : first.substr(dashes);
}

std::string Arguments::Text(std::string_view key, std::string_view fallback) const {
  const auto found = values_.find(key);
  return found == values_.end() || found->second.empty() ? std::string(fallback) : found->second.back();
}

std::vector<std::string> Arguments::List(std::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

int64_t Arguments::Number(std::string_view key, int64_t fallback) const {
  const std::string text = Text(key);
  int64_t value = fallback;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace escalon::escalonctl
