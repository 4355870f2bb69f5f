#include "common/http/admin_server.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "common/http/router.h"

namespace escalon::http {
namespace {

std::string Readiness(const runtime::Health& health, bool* ready) {
  nlohmann::ordered_json out;
  *ready = true;
  auto list = nlohmann::ordered_json::array();
  auto missing = nlohmann::ordered_json::array();
  for (const auto& condition : health.Conditions()) {
    list.push_back({{"name", condition.name}, {"met", condition.met}, {"reason", condition.reason}});
    if (!condition.met) missing.push_back(condition.name);
    *ready = *ready && condition.met;
  }
  out["ready"] = *ready;
  out["missing"] = std::move(missing);
  out["conditions"] = std::move(list);
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

Result<std::unique_ptr<Server>> StartAdminServer(const ServerOptions& options, AdminView view, runtime::Logger log) {
  const auto router = std::make_shared<Router>();
  const auto shared = std::make_shared<const AdminView>(std::move(view));
  router->Add("GET", "/metrics", [shared](const Request&, Responder responder) {
    responder.Send({200, "text/plain; version=0.0.4; charset=utf-8", shared->metrics.Serialize(), {}});
  });
  router->Add("GET", "/healthz", [](const Request&, Responder responder) { responder.Send(TextResponse("ok\n")); });
  router->Add("GET", "/readyz", [shared](const Request&, Responder responder) {
    bool ready = false;
    std::string body = Readiness(shared->health, &ready);
    responder.Send(JsonResponse(std::move(body), ready ? 200 : 503));
  });
  router->Add("GET", "/configz", [shared](const Request&, Responder responder) {
    responder.Send({200, "application/yaml", shared->config, {}});
  });
  router->Add("GET", "/version", [shared](const Request&, Responder responder) {
    const nlohmann::ordered_json body{{"service", shared->service},
                                      {"version", shared->build.version},
                                      {"commit", shared->build.commit},
                                      {"compiler", shared->build.compiler}};
    responder.Send(JsonResponse(body.dump() + "\n"));
  });
  return Server::Start(
      "admin", options,
      [router](Request request, Responder responder) { router->Handle(std::move(request), std::move(responder)); },
      std::move(log));
}

}  // namespace escalon::http
