#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/core/instant.h"
#include "common/core/result.h"

namespace escalon::http {

/// A plain-text mail. Addresses are `local@domain` alone; names and subject are UTF-8.
struct Mail {
  std::string from;
  std::string from_name = {};
  std::vector<std::string> to;
  std::string subject;
  std::string text;
  std::string message_id = {};  ///< without <>; stable per delivery, so that a repeat is recognised; "" leaves it out
  /// Further fields such as `Auto-Submitted`; names that the message has itself are refused.
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// An RFC 5322 message with CRLF lines: encoded words in headers, quoted-printable UTF-8 body. No value can add a
/// header: addresses and names of fields are checked (kInvalidArgument names the field), control characters in other
/// values become spaces.
Result<std::string> ComposeMail(const Mail& mail, InstantMs date);

}  // namespace escalon::http
