#include "services/intake/application/news_gateway.h"

#include <memory>
#include <utility>

#include "common/core/digest.h"
#include "common/security/text_guard.h"
#include "escalon/submission/v1/submission.pb.h"

namespace escalon::intake {
namespace {

namespace cs = ::escalon::cases::v1;
namespace sb = ::escalon::submission::v1;

/// The live view may not show yet what was opened a moment ago.
constexpr DurationMs kLookAgainMs = 200;
constexpr size_t kIdBytes = 16;

bool IsReport(sb::SubmissionAction action) {
  return action == sb::SUBMISSION_ACTION_UNSPECIFIED || action == sb::SUBMISSION_ACTION_REPORT;
}

}  // namespace

struct NewsGateway::Ending {
  std::string source, external_ref, dedup_key;
  cs::Command command;
  rpc::Caller caller;
  bool looked_again = false;
  Reply<News> reply;
};

void NewsGateway::Take(const sb::Submission& submission, std::string_view root, std::string news_id,
                       const rpc::Caller& caller, Protocol protocol, Reply<News> reply) {
  if (IsReport(submission.action())) {
    return cases_.Submit(submission, root, caller, protocol, [reply = std::move(reply)](Result<Accepted> accepted) {
      if (!accepted.ok()) return reply(accepted.error());
      const bool attached = accepted->answered.outcome == OutcomeKind::kAttached;
      reply(News{attached ? NewsOutcome::kAttached : NewsOutcome::kOpened, std::move(accepted->answered)});
    });
  }
  const std::string prefix = std::string(root) + ".";
  if (submission.action() != sb::SUBMISSION_ACTION_CLEAR && submission.action() != sb::SUBMISSION_ACTION_CLOSE) {
    return reply(InvalidField(prefix + "action", "is none; write REPORT, CLEAR or CLOSE"));
  }
  if (const Status allowed = Authorize(caller.principal, Action::kSubmit); !allowed.ok()) return reply(allowed.error());
  auto ending = std::make_shared<Ending>();
  ending->source = submission.source().empty() ? caller.principal.subject : submission.source();
  ending->external_ref = submission.external_ref();
  ending->dedup_key = submission.dedup_key();
  if (ending->dedup_key.empty() && ending->external_ref.empty()) {
    return reply(
        InvalidField(prefix + "dedup_key", "is empty, and external_ref too; one of them says which case has ended"));
  }
  for (const auto& [field, text] : {std::pair{"source", &ending->source},
                                    {"external_ref", &ending->external_ref},
                                    {"dedup_key", &ending->dedup_key}}) {
    if (text->empty()) continue;
    if (const Status s = CheckId(prefix + field, *text, IdKind::kKey); !s.ok()) return reply(s.error());
  }
  ending->caller = caller;
  ending->reply = std::move(reply);
  ending->command.set_command_id("ended/" + ToHex(AsView(Sha256Of(news_id)).substr(0, kIdBytes)));
  ending->command.mutable_source_ended()->set_cleared(submission.action() == sb::SUBMISSION_ACTION_CLEAR);
  // When it ended is the source's to say; a wrong instant is the decider's to judge.
  if (submission.has_occurred_at()) *ending->command.mutable_occurred_at() = submission.occurred_at();
  End(std::move(ending));
}

void NewsGateway::End(std::shared_ptr<Ending> ending) {
  queries_.FindOpen(ending->caller.principal.tenant, ending->source, ending->external_ref, ending->dedup_key,
                    [this, ending](Result<CaseId> id) {
                      if (id.ok()) {
                        return cases_.Give(*id, ending->command, ending->caller, [ending](Result<Accepted> accepted) {
                          if (!accepted.ok()) return ending->reply(accepted.error());
                          ending->reply(News{NewsOutcome::kEnded, std::move(accepted->answered)});
                        });
                      }
                      if (id.error().code != ErrorCode::kNotFound) return ending->reply(id.error());
                      if (std::exchange(ending->looked_again, true))
                        return ending->reply(News{NewsOutcome::kNothingOpen, {}});
                      view_.loop().After(kLookAgainMs, [this, ending] { End(ending); });
                    });
}

}  // namespace escalon::intake
