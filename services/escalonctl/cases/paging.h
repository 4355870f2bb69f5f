#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "services/escalonctl/cli/command.h"
#include "services/escalonctl/cli/session.h"

namespace escalon::escalonctl {

/// --page-size, --page-token, --all.
std::vector<Option> PageOptions();

/// Asks for the page that the arguments name, or with `all` for one after the other, and gathers the items at `list` of
/// each answer. What else the answers say is of the last one.
Result<Json> GatherPages(Session& session, std::string_view method, Json request, const Arguments& arguments,
                         const char* list, bool all);
/// Says on the error stream that there is more, and how to get it.
void HintMore(Session& session, const Json& answer);

}  // namespace escalon::escalonctl
