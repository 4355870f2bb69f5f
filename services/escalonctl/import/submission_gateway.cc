#include "services/escalonctl/import/submission_gateway.h"

#include <nlohmann/json.hpp>
#include <string>

#include "common/wire/json_codec.h"
#include "common/wire/submission_codec.h"
#include "escalon/submission/v1/submission.pb.h"

namespace escalon::escalonctl {

Result<OpenCase> OpenCaseOf(const nlohmann::json& submission) {
  submission::v1::Submission message;
  const std::string text = submission.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const Status read = wire::FromJson(text, "", &message, wire::kMaxJsonBytes);
  if (!read.ok()) return read.error();
  const auto as_it_is = [](std::string_view, std::string_view, std::string_view plain) {
    return Result<std::string>(std::string(plain));
  };
  return wire::ReadSubmission(message, "", "import", as_it_is);
}

}  // namespace escalon::escalonctl
