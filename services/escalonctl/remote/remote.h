#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "common/core/result.h"

namespace escalon::escalonctl {

using Json = nlohmann::json;

/// A service of Escalon, by the names of its proto and with messages as protobuf's JSON. One thread.
class Remote {
 public:
  virtual ~Remote() = default;
  /// `method` is `CaseService/GetCase`. Errors: those of the service; kInvalidArgument also for a request that is no
  /// such message.
  virtual Result<Json> Call(std::string_view method, const Json& request) = 0;
  /// A call with many answers: until its end, or until `each` returns false.
  virtual Status Stream(std::string_view method, const Json& request, const std::function<bool(const Json&)>& each) = 0;
};

}  // namespace escalon::escalonctl
