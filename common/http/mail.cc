#include "common/http/mail.h"

#include <algorithm>
#include <array>

#include "absl/time/time.h"
#include "common/core/digest.h"
#include "common/http/message.h"
#include "common/runtime/utf8.h"

namespace escalon::http {
namespace {

// Fields that the message has itself, or that would change what the mail is.
constexpr std::array<std::string_view, 15> kOwnFields{"from",
                                                      "sender",
                                                      "to",
                                                      "cc",
                                                      "bcc",
                                                      "subject",
                                                      "date",
                                                      "message-id",
                                                      "mime-version",
                                                      "content-type",
                                                      "content-transfer-encoding",
                                                      "content-disposition",
                                                      "return-path",
                                                      "received",
                                                      "dkim-signature"};

// Stricter than RFC 5321: no quoted local parts, no comments, no literals. So none can carry a command or a header.
bool IsAddress(std::string_view address) {
  const size_t at = address.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || address.size() > 254) return false;
  const auto alnum = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  const std::string_view local = address.substr(0, at), domain = address.substr(at + 1);
  const auto dots_well = [](std::string_view part) {
    return !part.empty() && part.front() != '.' && part.back() != '.' && part.find("..") == std::string_view::npos;
  };
  return dots_well(local) && dots_well(domain) && domain.front() != '-' &&
         std::all_of(local.begin(), local.end(),
                     [&](char c) {
                       return alnum(c) || std::string_view(".!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
                     }) &&
         std::all_of(domain.begin(), domain.end(), [&](char c) { return alnum(c) || c == '.' || c == '-'; });
}

// One line of valid UTF-8 whatever comes in.
std::string Cleaned(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t length = runtime::Utf8SequenceAt(text, at);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      ++at;
      continue;
    }
    const std::string_view sequence = text.substr(at, length);
    if (runtime::HasControlCharacter(sequence)) {
      out += ' ';
    } else {
      out += sequence;
    }
    at += length;
  }
  return out;
}

bool IsShortAscii(std::string_view text, size_t most) {
  return text.size() <= most && text.find("=?") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// RFC 2047 encoded words, base64, each line within 76 characters with the field's name, never cutting a character.
std::string EncodedWords(std::string_view field, const std::string& text) {
  constexpr size_t kFrame = 12;  // =?UTF-8?B? and ?=
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t before = at == 0 ? field.size() + 2 : 1;
    const size_t most = (76 - before - kFrame) / 4 * 3;
    size_t end = at;
    while (end < text.size()) {
      const size_t length = std::max<size_t>(1, runtime::Utf8SequenceAt(text, end));
      if (end + length - at > most) break;
      end += length;
    }
    out += (out.empty() ? "" : "\r\n ") + ("=?UTF-8?B?" + ToBase64(text.substr(at, end - at)) + "?=");
    at = end;
  }
  return out;
}

std::string HeaderText(std::string_view field, std::string_view value) {
  const std::string clean = Cleaned(value);
  return IsShortAscii(clean, 60) ? clean : EncodedWords(field, clean);
}

std::string NamedAddress(const std::string& name, const std::string& address) {
  if (name.empty()) return "<" + address + ">";
  const std::string clean = Cleaned(name);
  if (!IsShortAscii(clean, 60)) return EncodedWords("From", clean) + "\r\n <" + address + ">";
  std::string quoted = "\"";
  for (const char c : clean) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\" <" + address + ">";
}

// RFC 2045 §6.7. Line ends of any kind become CRLF; lines stay within 76 characters.
std::string QuotedPrintable(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  size_t column = 0;
  const auto put = [&](std::string_view piece) {
    if (column + piece.size() > 75) {
      out += "=\r\n";
      column = 0;
    }
    out += piece;
    column += piece.size();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\n';
    if (c == '\r' && next == '\n' && i + 1 < text.size()) continue;
    if (c == '\n' || c == '\r') {
      out += "\r\n";
      column = 0;
    } else if ((c > ' ' && c <= '~' && c != '=') || ((c == ' ' || c == '\t') && next != '\n' && next != '\r')) {
      put({&c, 1});
    } else {
      const char escape[] = {'=', kHex[static_cast<unsigned char>(c) >> 4], kHex[static_cast<unsigned char>(c) & 15]};
      put({escape, 3});
    }
  }
  return out + (column == 0 ? "" : "\r\n");
}

bool IsFieldName(std::string_view name) {
  return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

Status CheckMail(const Mail& mail) {
  if (!IsAddress(mail.from)) return InvalidField("from", "must be an address such as desk@example.com");
  if (mail.to.empty()) return InvalidField("to", "must have at least one address");
  for (size_t i = 0; i < mail.to.size(); ++i)
    if (!IsAddress(mail.to[i]))
      return InvalidField("to[" + std::to_string(i) + "]", "must be an address such as ann@example.com");
  if (!mail.message_id.empty() && !IsAddress(mail.message_id))
    return InvalidField("message_id", "must look like unique-part@example.com");
  for (const auto& [name, value] : mail.headers) {
    const bool own = std::any_of(kOwnFields.begin(), kOwnFields.end(),
                                 [&, &field = name](std::string_view o) { return SameName(o, field); });
    if (!IsFieldName(name) || own) return InvalidField("headers", "has a field name that a mail may not add");
  }
  return {};
}

}  // namespace

Result<std::string> ComposeMail(const Mail& mail, InstantMs date) {
  const Status good = CheckMail(mail);
  if (!good) return good.error();
  std::string out =
      "Date: " + absl::FormatTime("%a, %d %b %E4Y %H:%M:%S +0000", absl::FromUnixMillis(date), absl::UTCTimeZone()) +
      "\r\n";
  out += "From: " + NamedAddress(mail.from_name, mail.from) + "\r\nTo: ";
  for (size_t i = 0; i < mail.to.size(); ++i) out += (i == 0 ? "<" : ",\r\n <") + mail.to[i] + ">";
  out += "\r\nSubject: " + HeaderText("Subject", mail.subject) + "\r\n";
  if (!mail.message_id.empty()) out += "Message-ID: <" + mail.message_id + ">\r\n";
  for (const auto& [name, value] : mail.headers) out += name + ": " + HeaderText(name, value) + "\r\n";
  out +=
      "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n\r\n";
  return out + QuotedPrintable(mail.text);
}

}  // namespace escalon::http
