#include "common/service/service_host.h"
#include "services/sla-timer/app.h"
#include "services/sla-timer/config.h"

int main(int argc, char** argv) {
  const escalon::service::ServiceInfo info{
      .name = "sla-timer",
      .summary = "When: wakes the owners of cases on time.",
      .options = escalon::slatimer::ServiceOptions(),
  };
  return escalon::service::RunService(info, argc, argv, escalon::slatimer::MakeApp);
}
