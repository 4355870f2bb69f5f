#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "services/escalonctl/cli/command.h"
#include "services/escalonctl/cli/session.h"

/// From options to requests, as protobuf's JSON.
namespace escalon::escalonctl {

/// Puts a value at a dotted place: `filter.team`.
void PutAt(Json& request, std::string_view field, Json value);
/// Every option with a `field` that was given, in its form on the wire. Flags are true, choices have their prefix,
/// instants are RFC 3339; pairs become an object, or with a prefix `name,text` a list of such objects.
Json RequestFrom(const std::vector<Option>& options, const Arguments& arguments);

// The options that stand in many commands.
Option CaseOption();
Option TextOption(std::string name, std::string help, std::string field, std::string value = {});
Option AmountOption();
Option FlagOption(std::string name, std::string help, std::string field);
Option ChoiceOption(std::string name, std::string help, std::string field, std::string prefix,
                    std::vector<std::string> choices);
Option TrackOption();
Option Required(Option option);
Option Repeated(Option option);

/// A case by its UUID, or by the number that its source knows: `servicenow/INC0042`, which is looked up.
Result<std::string> ResolveCase(Session& session, const std::string& reference);
/// A fresh name for a command or a submission: 32 hex digits.
std::string FreshId();

}  // namespace escalon::escalonctl
