#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace escalon::http {

/// Whether two names of header fields are the same: ASCII case does not count.
bool SameName(std::string_view a, std::string_view b);

/// Header fields in order; names compare without case.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}
  void Add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  /// The first value, "" when absent.
  std::string_view Get(std::string_view name) const;
  bool Has(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// A request as it arrived; sizes were checked, contents were not.
struct Request {
  std::string method;  ///< upper case
  std::string target;  ///< as sent, `/v1/cases?state=new`
  std::string path;    ///< percent-encoded, without the query
  std::string query;   ///< without `?`
  Headers headers;
  std::string body;
  std::string remote_address;                 ///< the peer's IP
  std::map<std::string, std::string> params;  ///< of the router's pattern, decoded
};

struct Response {
  int status = 200;
  std::string content_type = {};  ///< "" when there is no body
  std::string body = {};
  Headers headers = {};
};

inline Response JsonResponse(std::string body, int status = 200) {
  return {status, "application/json", std::move(body), {}};
}
inline Response TextResponse(std::string body, int status = 200) {
  return {status, "text/plain; charset=utf-8", std::move(body), {}};
}

/// nullopt when an escape is broken or gives a zero byte or invalid UTF-8. `plus_is_space` for queries and forms.
std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space = false);
std::string PercentEncode(std::string_view text);
/// Decoded pairs in order; nullopt when one does not decode.
std::optional<std::vector<std::pair<std::string, std::string>>> ParseQuery(std::string_view query);

}  // namespace escalon::http
