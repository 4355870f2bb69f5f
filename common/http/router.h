#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/http/message.h"
#include "common/http/server.h"

namespace escalon::http {

/// Method and path to handler. Patterns are exact segments and `{name}` for one non-empty segment: `/v1/cases/{id}`, or
/// `/v1/cases/{id}:ack` with a literal tail. A literal segment wins over a parameter. HEAD is answered by GET's handler
/// without its body; an unknown path is 404, an unknown method 405 with Allow. Fill it, then only read: Handle is
/// thread-safe.
class Router {
 public:
  void Add(std::string method, std::string_view pattern, Handler handler);
  void Handle(Request request, Responder responder) const;

 private:
  struct Segment {
    std::string literal;  ///< or, for a parameter, its literal tail
    std::string param;    ///< "" for a literal
  };
  struct Route {
    std::string method;
    std::vector<Segment> segments;
    Handler handler;
  };
  std::vector<Route> routes_;
};

}  // namespace escalon::http
