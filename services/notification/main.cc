#include "common/service/service_host.h"
#include "services/notification/app.h"
#include "services/notification/config.h"

int main(int argc, char** argv) {
  const escalon::service::ServiceInfo info{
      .name = "notification",
      .summary = "Telling people: takes intents to whom they are for.",
      .options = escalon::notification::ServiceOptions(),
      .check = escalon::notification::CheckOptions,
  };
  return escalon::service::RunService(info, argc, argv, escalon::notification::MakeApp);
}
