#include "common/service/service_host.h"
#include "services/routing/app.h"
#include "services/routing/config.h"

int main(int argc, char** argv) {
  const escalon::service::ServiceInfo info{
      .name = "routing",
      .summary = "Who acts: the keeper of the cases and of the case log.",
      .options = escalon::routing::ServiceOptions(),
      .check = escalon::routing::CheckOptions,
  };
  return escalon::service::RunService(info, argc, argv, escalon::routing::MakeApp);
}
