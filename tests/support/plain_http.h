#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/core/result.h"

namespace escalon::test {

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// One HTTP/1.1 request to a server on this machine, on a connection of its own, without any library between the test
/// and the bytes. `headers`: whole lines, `Name: value`. kUnavailable when there is no connection; kDeadlineExceeded
/// after 30 s without an answer.
Result<HttpAnswer> HttpCall(uint16_t port, const std::string& method, const std::string& target,
                            const std::string& body = {}, const std::vector<std::string>& headers = {});

}  // namespace escalon::test
