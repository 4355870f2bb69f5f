#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "common/core/ids.h"
#include "common/core/result.h"
#include "common/domain/event.h"
#include "services/escalonctl/cli/session.h"

namespace escalon::escalonctl {

/// One version of a case that counts; `batch` null: it cannot be read.
using OnVersion =
    std::function<void(const CaseId& id, const std::string& tenant, uint64_t version, const EventBatch* batch)>;

/// Every version in the case log as it is now, those of a case in their order: of Kafka, or with `dump` of a file that
/// `escalonctl dump` wrote (`-` is the standard input). kInvalidArgument names the line of the file.
Status EachVersion(Session& session, const std::string& dump, const OnVersion& each);

Option DumpOption();

}  // namespace escalon::escalonctl
