#include "common/security/text_guard.h"

#include <array>
#include <cstdint>
#include <cstdio>

namespace escalon {
namespace {

enum class Strictness { kLongText, kTitle, kId };

struct IdRule {
  size_t max_bytes;
  std::string_view punctuation;  ///< allowed besides ASCII letters and digits; empty: any visible character
  bool lower_only;
  bool braces;
  std::string_view remedy;
};

// In the order of IdKind.
constexpr std::array<IdRule, 6> kIdRules = {{
    {64, "-_.", true, false, "use lower-case letters, digits, '-', '_' and '.'"},
    {64, "-_.", false, false, "use letters, digits, '-', '_' and '.'"},
    {128, "-_.@+:/", false, false, "use letters, digits and - _ . @ + : /"},
    {128, "", false, false, "braces are not allowed; use other characters"},
    {128, "", false, false, "braces are not allowed; use other characters"},
    {255, "", false, true, ""},
}};

constexpr uint32_t kBad = 0xffffffff;

// One code point of strict UTF-8 (Unicode 15, table 3-7): no overlong forms, no surrogates, at most U+10FFFF.
uint32_t DecodeNext(std::string_view text, size_t* at) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(*at);
  size_t length = 0;
  uint8_t low = 0x80;
  uint8_t high = 0xbf;
  uint32_t value = 0;
  if (lead < 0x80) {
    ++*at;
    return lead;
  }
  if (lead >= 0xc2 && lead <= 0xdf) {
    length = 2;
    value = lead & 0x1fu;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    length = 3;
    value = lead & 0x0fu;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    length = 4;
    value = lead & 0x07u;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
  } else {
    return kBad;
  }
  if (text.size() - *at < length) return kBad;
  for (size_t i = 1; i < length; ++i) {
    const uint8_t next = byte(*at + i);
    if (next < low || next > high) return kBad;
    low = 0x80;
    high = 0xbf;
    value = value << 6 | (next & 0x3fu);
  }
  *at += length;
  return value;
}

bool BidiControl(uint32_t c) { return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069); }

bool Invisible(uint32_t c) {
  return (c >= 0x200b && c <= 0x200f) || c == 0x061c || (c >= 0x2060 && c <= 0x206f) || c == 0x00ad || c == 0x034f ||
         c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0 || c == 0x180e || (c >= 0xfff9 && c <= 0xfffb) ||
         (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0000 && c <= 0xe0fff);
}

/// What is wrong with a code point; empty: nothing.
std::string_view Objection(uint32_t c, Strictness strictness) {
  if (c < 0x20 || c == 0x7f || (c >= 0x80 && c <= 0x9f)) {
    if (strictness == Strictness::kLongText && (c == '\n' || c == '\t')) return {};
    return strictness == Strictness::kLongText ? "a control character; only line feed and tab are allowed"
                                               : "a control character; remove it";
  }
  if (c < 0x80) return {};
  if (c == 0xfeff) return "a byte order mark; remove it";
  if ((c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef)) return "a noncharacter; remove it";
  if (strictness == Strictness::kLongText) return {};
  if (c == 0x2028 || c == 0x2029) return "a line break; use one line";
  if (BidiControl(c)) return "a bidirectional control character; remove it";
  if (strictness == Strictness::kId) {
    if (Invisible(c)) return "an invisible character; remove it";
    if (c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f || c == 0x3000) {
      return "an unusual blank; use a plain one";
    }
  }
  return {};
}

std::string Place(size_t at) { return "byte " + std::to_string(at); }

std::string Named(uint32_t c) {
  char text[16];
  std::snprintf(text, sizeof text, "U+%04X", static_cast<unsigned>(c));
  return text;
}

Status CheckCharacters(std::string_view field, std::string_view text, Strictness strictness) {
  for (size_t at = 0; at < text.size();) {
    const auto byte = static_cast<uint8_t>(text[at]);
    if (byte >= 0x20 && byte < 0x7f) {
      ++at;
      continue;
    }
    const size_t start = at;
    const uint32_t c = DecodeNext(text, &at);
    if (c == kBad) return InvalidField(std::string(field), "not valid UTF-8 at " + Place(start) + "; send UTF-8");
    if (const auto objection = Objection(c, strictness); !objection.empty()) {
      return InvalidField(std::string(field), Place(start) + " is " + Named(c) + ", " + std::string(objection));
    }
  }
  return {};
}

Status CheckLength(std::string_view field, std::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return {};
  return InvalidField(std::string(field), "has " + std::to_string(text.size()) + " bytes; at most " +
                                              std::to_string(max_bytes) + " are allowed");
}

bool LowerOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool Alphanumeric(char c) { return LowerOrDigit(c) || (c >= 'A' && c <= 'Z'); }

}  // namespace

Status CheckId(std::string_view field, std::string_view text, IdKind kind) {
  const IdRule& rule = kIdRules[static_cast<size_t>(kind)];
  if (text.empty()) return InvalidField(std::string(field), "empty; give a value");
  if (Status s = CheckLength(field, text, rule.max_bytes); !s) return s;
  if (rule.punctuation.empty()) {
    if (text.front() == ' ' || text.back() == ' ') {
      return InvalidField(std::string(field), "has a blank at an end; remove it");
    }
    if (!rule.braces) {
      if (const size_t at = text.find_first_of("{}"); at != std::string_view::npos) {
        return InvalidField(std::string(field), Place(at) + ": " + std::string(rule.remedy));
      }
    }
    return CheckCharacters(field, text, Strictness::kId);
  }
  const auto plain = rule.lower_only ? LowerOrDigit : Alphanumeric;
  if (!plain(text.front())) {
    return InvalidField(std::string(field), "must start with a letter or digit; " + std::string(rule.remedy));
  }
  for (size_t at = 1; at < text.size(); ++at) {
    if (!plain(text[at]) && rule.punctuation.find(text[at]) == std::string_view::npos) {
      return InvalidField(std::string(field), Place(at) + " is not allowed; " + std::string(rule.remedy));
    }
  }
  return {};
}

Status CheckTitle(std::string_view field, std::string_view text, size_t max_bytes) {
  if (text.empty()) return InvalidField(std::string(field), "empty; give a value");
  if (Status s = CheckLength(field, text, max_bytes); !s) return s;
  return CheckCharacters(field, text, Strictness::kTitle);
}

Status CheckLongText(std::string_view field, std::string_view text, size_t max_bytes) {
  if (Status s = CheckLength(field, text, max_bytes); !s) return s;
  return CheckCharacters(field, text, Strictness::kLongText);
}

std::string NormalizeNewlines(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out += text[i];
    } else {
      out += '\n';
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
    }
  }
  return out;
}

}  // namespace escalon
