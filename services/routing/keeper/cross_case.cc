#include "services/routing/keeper/cross_case.h"

#include "common/core/backoff.h"
#include "common/core/random.h"

namespace escalon::routing {
namespace {

constexpr Backoff kAgain{200, 10 * kSecondMs};

bool Retry(ErrorCode code) { return Retryable(code) || code == ErrorCode::kDeadlineExceeded; }

Command ServiceCommand(const CaseId& id, const std::string& tenant, std::string command_id, CommandBody body) {
  Command command;
  command.case_id = id;
  command.body_hash = CommandHash(command_id);
  command.command_id = std::move(command_id);
  command.actor = Actor{tenant, "routing", {"service"}, ActorKind::kService};
  command.body = std::move(body);
  return command;
}

std::string DutyName(const CaseId& from, const OpenCrossCase& open) {
  return from.ToString() + "/" + std::to_string(open.version) + "/" + std::to_string(open.intent.index);
}

}  // namespace

void CrossCaseSender::Send(const Case& c, uint64_t from_version) {
  for (const OpenCrossCase& open : c.cross_case) {
    if (open.version < from_version) continue;
    Ask(std::make_shared<Duty>(Duty{c.id, c.tenant, open}), 0);
  }
}

void CrossCaseSender::Later(int attempt, std::function<void()> again) {
  loop_.After(kAgain.Delay(attempt, RandomBits()), [alive = alive_, again = std::move(again)] {
    if (*alive) again();
  });
}

void CrossCaseSender::Ask(std::shared_ptr<Duty> duty, int attempt) {
  const CrossCaseIntended& intent = duty->open.intent;
  gate_.Execute(ServiceCommand(intent.other, duty->tenant, "cross/" + DutyName(duty->from, duty->open),
                               AbsorbCrossCase{duty->from, intent.action, intent.relation}),
                [this, alive = alive_, duty, attempt](Result<ports::Answered> answered) {
                  loop_.Post([this, alive, duty, attempt, answered] {
                    if (!*alive) return;
                    if (answered.ok()) return Record(duty, false, {}, 0);
                    if (!Retry(answered.error().code)) {
                      return Record(duty, true, answered.error().message, 0);
                    }
                    Later(attempt, [this, duty, attempt] { Ask(duty, attempt + 1); });
                  });
                });
}

void CrossCaseSender::Record(std::shared_ptr<Duty> duty, bool refused, const std::string& why, int attempt) {
  gate_.Execute(ServiceCommand(duty->from, duty->tenant, "crossed/" + DutyName(duty->from, duty->open),
                               RecordCrossCase{duty->open.version, duty->open.intent.index, refused, why}),
                [this, alive = alive_, duty, refused, why, attempt](Result<ports::Answered> answered) {
                  if (answered.ok() || !Retry(answered.error().code)) return;
                  loop_.Post([this, alive, duty, refused, why, attempt] {
                    if (*alive)
                      Later(attempt, [this, duty, refused, why, attempt] { Record(duty, refused, why, attempt + 1); });
                  });
                });
}

}  // namespace escalon::routing
