#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/core/result.h"

namespace escalon {

/// The kinds of short names. All are non-empty, valid UTF-8, without controls, invisible or bidirectional characters.
enum class IdKind {
  kTenant,   ///< `a-z 0-9 - _ .`, starts with a letter or digit, ≤ 64 bytes
  kName,     ///< team, level, clock, policy, channel, key id: `A-Z a-z 0-9 - _ .`, starts with either, ≤ 64 bytes
  kSubject,  ///< person, integration or service: as kName and `@ + : /`, ≤ 128 bytes
  kService,  ///< name of an affected service: any letters, no braces, no blank at an end, ≤ 128 bytes
  kTag,      ///< `key` or `key:value`: as kService, ≤ 128 bytes
  kKey,      ///< dedup or idempotency key, the ITSM's number: any visible text, no blank at an end, ≤ 255 bytes
};

inline constexpr size_t kTitleBytes = 512;
inline constexpr size_t kLongTextBytes = 64 * 1024;

/// All checks: pure, any thread, linear in the text up to the limit (a text beyond it is not read at all). Errors are
/// InvalidField(field, what is wrong, the byte, the remedy) and never repeat the text.
Status CheckId(std::string_view field, std::string_view text, IdKind kind);
/// One line for people: no control characters, no line breaks, no bidirectional overrides (RTL text itself is fine).
/// Empty is refused.
Status CheckTitle(std::string_view field, std::string_view text, size_t max_bytes = kTitleBytes);
/// Several lines for people: `\n` and `\t` are the only control characters. Empty is allowed.
Status CheckLongText(std::string_view field, std::string_view text, size_t max_bytes = kLongTextBytes);

/// CR LF and lone CR become LF: what mail and Windows send, before CheckLongText.
std::string NormalizeNewlines(std::string_view text);

}  // namespace escalon
