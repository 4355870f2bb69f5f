#pragma once

#include <memory>

#include "common/core/result.h"
#include "common/runtime/file_watch.h"
#include "common/security/credentials.h"
#include "common/service/service_host.h"

namespace escalon::cluster {

/// `credentials.file`, taken up again whenever it changes: a key is added or revoked without a restart. Made by the
/// composition root; adds its step to the lifecycle.
class LiveCredentials {
 public:
  static Result<std::unique_ptr<LiveCredentials>> Create(service::ServiceContext& context);
  const Credentials& current() const { return *credentials_; }

 private:
  LiveCredentials(service::ServiceContext& context, std::unique_ptr<Credentials> credentials);

  const std::unique_ptr<Credentials> credentials_;
  runtime::FileWatch watch_;
};

}  // namespace escalon::cluster
