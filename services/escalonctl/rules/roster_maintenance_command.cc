#include <nlohmann/json.hpp>

#include "common/core/clock.h"
#include "common/core/instant.h"
#include "services/escalonctl/rules/roster_source.h"
#include "services/escalonctl/rules/rule_sections.h"

namespace escalon::escalonctl {

CommandSpec RosterMaintenanceCommand() {
  CommandSpec out;
  out.path = "roster maintenance";
  out.summary = "The maintenance windows: which are active, which come, which are over.";
  out.details = "Of the roster in force, or of --file without any service.";
  out.options = {{.name = "--at", .kind = ValueKind::kInstant, .help = "As seen then.", .fallback = "now"},
                 RosterFileOption()};
  out.examples = {{"escalonctl roster maintenance", "What rests at the moment."}};
  out.run = [](Session& session, const Arguments& arguments) {
    ExitCode failed = ExitCode::kOk;
    const std::shared_ptr<const Roster> roster = RosterOf(session, arguments, &failed);
    if (roster == nullptr) return failed;
    const InstantMs at = arguments.Has("at") ? ParseInstant(arguments.Text("at")).value() : session.clock().WallMs();
    Json rows = Json::array();
    for (const MaintenanceWindow& window : roster->document().maintenance) {
      rows.push_back({{"id", window.id},
                      {"state", at < window.from    ? "coming"
                                : at < window.until ? "active"
                                                    : "over"},
                      {"do", window.silent ? "suppress" : "hold"},
                      {"from", FormatInstant(window.from)},
                      {"until", FormatInstant(window.until)},
                      {"why", window.why}});
    }
    if (session.printer().json()) {
      session.printer().Value({{"at", FormatInstant(at)}, {"maintenance", rows}});
    } else if (rows.empty()) {
      session.printer().Text("No maintenance is planned.");
    } else {
      session.printer().Table(
          rows,
          {{"ID", "/id"}, {"STATE", "/state"}, {"DO", "/do"}, {"FROM", "/from"}, {"UNTIL", "/until"}, {"WHY", "/why"}});
    }
    return ExitCode::kOk;
  };
  return out;
}

}  // namespace escalon::escalonctl
