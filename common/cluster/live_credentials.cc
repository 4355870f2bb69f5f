#include "common/cluster/live_credentials.h"

#include "common/cluster/trust.h"

namespace escalon::cluster {

LiveCredentials::LiveCredentials(service::ServiceContext& context, std::unique_ptr<Credentials> credentials)
    : credentials_(std::move(credentials)), watch_(context.machine_clock, context.log, context.metrics) {
  watch_.Add("credentials", context.config.GetString("credentials.file"), [this] { return credentials_->Reload(); });
  context.lifecycle.Add({.name = "credentials",
                         .start = [this]() -> Status {
                           watch_.Start();
                           return {};
                         },
                         .stop = [this](DurationMs) { watch_.Stop(); }});
}

Result<std::unique_ptr<LiveCredentials>> LiveCredentials::Create(service::ServiceContext& context) {
  auto credentials = CredentialsFromConfig(context.config);
  if (!credentials.ok()) return credentials.error();
  return std::unique_ptr<LiveCredentials>(new LiveCredentials(context, std::move(*credentials)));
}

}  // namespace escalon::cluster
