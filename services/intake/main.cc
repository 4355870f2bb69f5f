#include "common/service/service_host.h"
#include "services/intake/app.h"
#include "services/intake/config.h"

int main(int argc, char** argv) {
  const escalon::service::ServiceInfo info{
      .name = "intake",
      .summary = "The door: every protocol in, authentication, limits, and every query.",
      .options = escalon::intake::ServiceOptions(),
      .check = escalon::intake::CheckOptions,
  };
  return escalon::service::RunService(info, argc, argv, escalon::intake::MakeApp);
}
