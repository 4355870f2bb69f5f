#include "common/service/service_host.h"
#include "services/triage/app.h"
#include "services/triage/config.h"

int main(int argc, char** argv) {
  const escalon::service::ServiceInfo info{
      .name = "triage",
      .summary = "How urgent: advises the owner of each new case.",
      .options = escalon::triage::ServiceOptions(),
  };
  return escalon::service::RunService(info, argc, argv, escalon::triage::MakeApp);
}
