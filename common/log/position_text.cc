#include "common/log/position_text.h"

#include <charconv>

#include "common/core/digest.h"

namespace escalon::log {
namespace {

constexpr std::string_view kMark = "p1 ";

std::string_view TakeWord(std::string_view* rest) {
  const std::string_view word = rest->substr(0, rest->find(' '));
  rest->remove_prefix(word.size() == rest->size() ? word.size() : word.size() + 1);
  return word;
}

template <typename T>
bool ReadNumber(std::string_view word, T* out) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), *out);
  return error == std::errc() && end == word.data() + word.size() && *out >= 0;
}

bool ReadHex(std::string_view word, Bytes16* out) {
  if (word.size() != 2 * out->size()) return false;
  for (size_t i = 0; i < out->size(); ++i) {
    const char* at = word.data() + 2 * i;
    if (std::from_chars(at, at + 2, (*out)[i], 16).ptr != at + 2) return false;
  }
  return true;
}

}  // namespace

std::string FormatPosition(const Position& position) {
  return std::string(kMark) + std::to_string(position.offset) + ' ' + std::to_string(position.epoch) + ' ' +
         ToHex({reinterpret_cast<const char*>(position.owner.data()), position.owner.size()}) + ' ' +
         std::to_string(position.seq);
}

Result<Position> ParsePosition(std::string_view text) {
  Position p;
  std::string_view rest = text;
  if (rest.substr(0, kMark.size()) == kMark) {
    rest.remove_prefix(kMark.size());
    if (ReadNumber(TakeWord(&rest), &p.offset) && ReadNumber(TakeWord(&rest), &p.epoch) &&
        ReadHex(TakeWord(&rest), &p.owner) && ReadNumber(TakeWord(&rest), &p.seq) && rest.empty() && text.back() != ' ')
      return p;
  }
  return InvalidField("position", "not `p1 <offset> <epoch> <owner> <seq>`");
}

}  // namespace escalon::log
