#include "common/http/router.h"

#include <algorithm>
#include <optional>

#include "common/http/problem.h"
#include "common/runtime/fault.h"

namespace escalon::http {
namespace {

std::vector<std::string_view> Split(std::string_view path) {
  std::vector<std::string_view> parts;
  path.remove_prefix(1);  // the leading slash
  while (true) {
    const size_t slash = path.find('/');
    parts.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

void Router::Add(std::string method, std::string_view pattern, Handler handler) {
  if (!pattern.starts_with('/')) runtime::ProgramFault("a route must start with /");
  Route route{std::move(method), {}, std::move(handler)};
  for (const std::string_view part : Split(pattern)) {
    const size_t close = part.find('}');
    if (part.starts_with('{') && close != std::string_view::npos && close > 1) {
      route.segments.push_back({std::string(part.substr(close + 1)), std::string(part.substr(1, close - 1))});
    } else if (part.find_first_of("{}") == std::string_view::npos) {
      route.segments.push_back({std::string(part), ""});
    } else {
      runtime::ProgramFault("a route's parameter must start its segment: " + std::string(pattern));
    }
  }
  // The most literal first: the first match is then the best one.
  const auto rank = [](const Route& r) {
    std::vector<std::pair<bool, size_t>> key;
    for (const Segment& s : r.segments)
      key.emplace_back(!s.param.empty(), 1000 - std::min<size_t>(s.literal.size(), 999));
    return key;
  };
  const auto place = std::upper_bound(routes_.begin(), routes_.end(), route,
                                      [&](const Route& a, const Route& b) { return rank(a) < rank(b); });
  routes_.insert(place, std::move(route));
}

void Router::Handle(Request request, Responder responder) const {
  if (!request.path.starts_with('/'))
    return responder.Send(ProblemResponse(404, "Not found", "the path must start with /"));
  const std::vector<std::string_view> parts = Split(request.path);
  const auto matches = [&](const Route& route) {
    if (route.segments.size() != parts.size()) return false;
    for (size_t i = 0; i < parts.size(); ++i) {
      const Segment& segment = route.segments[i];
      if (segment.param.empty() ? segment.literal != parts[i]
                                : parts[i].size() <= segment.literal.size() || !parts[i].ends_with(segment.literal))
        return false;
    }
    return true;
  };
  std::vector<std::string> allowed;
  const Route* chosen = nullptr;
  for (const Route& route : routes_) {
    if (!matches(route)) continue;
    if (route.method == request.method || (request.method == "HEAD" && route.method == "GET")) {
      chosen = &route;
      break;
    }
    allowed.push_back(route.method);
    if (route.method == "GET") allowed.push_back("HEAD");
  }
  if (chosen == nullptr && allowed.empty())
    return responder.Send(ProblemResponse(404, "Not found", "nothing is served at this path"));
  if (chosen == nullptr) {
    std::sort(allowed.begin(), allowed.end());
    allowed.erase(std::unique(allowed.begin(), allowed.end()), allowed.end());
    std::string list;
    for (const std::string& method : allowed) list += (list.empty() ? "" : ", ") + method;
    Response response = ProblemResponse(405, "Method not allowed", "this path takes " + list);
    response.headers.Add("Allow", list);
    return responder.Send(std::move(response));
  }
  for (size_t i = 0; i < parts.size(); ++i) {
    const Segment& segment = chosen->segments[i];
    if (segment.param.empty()) continue;
    std::optional<std::string> value = PercentDecode(parts[i].substr(0, parts[i].size() - segment.literal.size()));
    if (!value)
      return responder.SendError(InvalidField(segment.param, "is not well percent-encoded UTF-8 in the path"));
    request.params.emplace(segment.param, std::move(*value));
  }
  chosen->handler(std::move(request), std::move(responder));
}

}  // namespace escalon::http
