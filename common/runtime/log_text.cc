#include "common/runtime/log_text.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/runtime/utf8.h"

namespace escalon::runtime {
namespace {

constexpr size_t kMostBytes = 4096;

// Separators that some readers of lines take for a line's end: U+0085 and the C1 controls, U+2028, U+2029.
bool EndsLineSomewhere(std::string_view sequence) {
  if (sequence.size() == 2) return sequence[0] == '\xC2' && static_cast<unsigned char>(sequence[1]) < 0xA0;
  return sequence == "\xE2\x80\xA8" || sequence == "\xE2\x80\xA9";
}

unsigned CodePoint(std::string_view sequence) {
  if (sequence.size() == 2) return (sequence[0] & 0x1Fu) << 6 | (sequence[1] & 0x3Fu);
  return (sequence[0] & 0x0Fu) << 12 | (sequence[1] & 0x3Fu) << 6 | (sequence[2] & 0x3Fu);
}

bool IsPlainWord(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    const bool plain = c > ' ' && c < '\x7f' && c != '"' && c != '=' && c != '\\';
    if (!plain) return false;
  }
  return text.size() <= kMostBytes;
}

}  // namespace

void AppendEscaped(std::string& out, std::string_view text) {
  const auto sink = std::back_inserter(out);
  for (size_t at = 0; at < text.size();) {
    if (at >= kMostBytes) {
      fmt::format_to(sink, "… ({} bytes)", text.size());
      return;
    }
    const char c = text[at];
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
      ++at;
    } else if (c == '\n') {
      out += "\\n";
      ++at;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') {
      fmt::format_to(sink, "\\u{:04x}", static_cast<unsigned>(c));
      ++at;
    } else if (static_cast<unsigned char>(c) < 0x80) {
      out += c;
      ++at;
    } else if (const size_t length = Utf8SequenceAt(text, at); length == 0) {
      out += "\\ufffd";
      ++at;
    } else {
      const std::string_view sequence = text.substr(at, length);
      if (EndsLineSomewhere(sequence)) {
        fmt::format_to(sink, "\\u{:04x}", CodePoint(sequence));
      } else {
        out += sequence;
      }
      at += length;
    }
  }
}

void AppendField(std::string& out, LogFormat format, const LogField& field) {
  const bool json = format == LogFormat::kJson;
  if (json) {
    out += '"';
    AppendEscaped(out, field.key);
    out += "\":";
  } else {
    out += ' ';
    AppendEscaped(out, field.key);
    out += '=';
  }
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    const bool quote = json || !IsPlainWord(*text);
    if (quote) out += '"';
    AppendEscaped(out, *text);
    if (quote) out += '"';
  } else if (const auto* number = std::get_if<int64_t>(&field.value)) {
    fmt::format_to(std::back_inserter(out), "{}", *number);
  } else if (const auto* real = std::get_if<double>(&field.value)) {
    const std::string number_text = fmt::format("{}", *real);
    out += json && !std::isfinite(*real) ? "\"" + number_text + "\"" : number_text;  // JSON has no NaN and no infinity
  } else {
    out += std::get<bool>(field.value) ? "true" : "false";
  }
  if (json) out += ',';
}

void AppendTimestamp(std::string& out, InstantMs at) {
  const absl::CivilSecond civil = absl::ToCivilSecond(absl::FromUnixMillis(at), absl::UTCTimeZone());
  const int64_t millis = (at % 1000 + 1000) % 1000;
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", civil.year(), civil.month(),
                 civil.day(), civil.hour(), civil.minute(), civil.second(), millis);
}

}  // namespace escalon::runtime
