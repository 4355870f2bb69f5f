#include "services/intake/application/live_view.h"

#include <algorithm>
#include <utility>

#include "common/runtime/system_clock.h"
#include "common/security/principal.h"
#include "common/wire/snapshot_codec.h"

namespace escalon::intake {
namespace {

constexpr DurationMs kVersionWaitMs = 100;  ///< protocol.md, Reads
constexpr DurationMs kLookAgainMs = 5;      ///< about the view's lag
constexpr DurationMs kOwnerWaitMs = 2 * kSecondMs;
constexpr int kHistoryTries = 4;
constexpr char kCondition[] = "redis";

Error NoSuchCase() { return Error{ErrorCode::kNotFound, "no such case"}; }

}  // namespace

struct LiveView::Finding {
  CaseQuestion question;
  std::function<void(Result<FoundCase>)> done;
  std::chrono::steady_clock::time_point give_up{};
  std::shared_ptr<const Case> seen;  ///< an older version than wanted
};

LiveView::LiveView(Options options, rpc::KeeperClient& owners, const Clock& clock, IntakeMetrics& metrics,
                   runtime::Logger log, runtime::Health& health)
    : clock_(clock),
      owners_(owners),
      metrics_(metrics),
      health_(health),
      thread_("view", clock),
      redis_(thread_.loop(), std::move(options.redis), std::move(log)),
      queries_(redis_, options.generation, options.shards) {
  health_.Require(kCondition, "not connected yet");
}

LiveView::~LiveView() { Stop(); }

void LiveView::Start() {
  thread_.loop().Post([this] {
    redis_.Start([this](bool connected) {
      metrics_.redis_connected->Set(connected ? 1 : 0);
      // Once started, the door stays open without Redis: commands and owners' answers go on (DESIGN §4).
      if (connected) health_.Set(kCondition, true);
    });
  });
  thread_.Start();
}

void LiveView::Stop() { thread_.Stop(); }

void LiveView::Find(CaseQuestion question, std::function<void(Result<FoundCase>)> done) {
  auto finding = std::make_shared<Finding>();
  finding->question = std::move(question);
  finding->done = std::move(done);
  finding->give_up = clock_.Steady() + std::chrono::milliseconds(kVersionWaitMs);
  thread_.loop().Post([this, finding = std::move(finding)] { Look(finding); });
}

void LiveView::Look(std::shared_ptr<Finding> finding) {
  queries_.ReadCase(finding->question.id, [this, finding](Result<std::optional<std::string>> read, const Position&) {
    if (!read.ok()) return AskOwner(finding);
    const CaseQuestion& question = finding->question;
    std::shared_ptr<const Case> c;
    if (read->has_value()) {
      Result<Case> decoded = wire::DecodeCase(**read);
      if (!decoded.ok()) return AskOwner(finding);
      c = std::make_shared<const Case>(std::move(*decoded));
      if (question.tenant != kAllTenants && c->tenant != question.tenant) return finding->done(NoSuchCase());
    } else if (question.min_version == 0) {
      return finding->done(NoSuchCase());
    }
    if (c != nullptr && c->version >= question.min_version) {
      const bool stale = !OwnersReachable();
      if (stale) metrics_.Stale();
      return finding->done(FoundCase{std::move(c), stale});
    }
    finding->seen = std::move(c);
    if (clock_.Steady() >= finding->give_up) return AskOwner(finding);
    thread_.loop().After(kLookAgainMs, [this, finding] { Look(finding); });
  });
}

void LiveView::AskOwner(std::shared_ptr<Finding> finding) {
  metrics_.FromOwner();
  const CaseQuestion& question = finding->question;
  const auto patience = static_cast<DurationMs>(static_cast<double>(kOwnerWaitMs) * clock_.Factor());
  const InstantMs deadline = std::min(question.deadline, clock_.WallMs() + patience);
  owners_.ReadCases({question.id}, question.tenant == kAllTenants ? std::string() : question.tenant, deadline,
                    [this, finding](std::vector<Result<Case>> cases) {
                      if (!cases.empty() && cases.front().ok()) {
                        return finding->done(FoundCase{std::make_shared<const Case>(std::move(*cases.front())), false});
                      }
                      if (finding->seen != nullptr) {
                        metrics_.Stale();
                        return finding->done(FoundCase{finding->seen, true});
                      }
                      finding->done(cases.empty()
                                        ? Error{ErrorCode::kUnavailable, "the owner of the case gave no answer"}
                                        : cases.front().error());
                    });
}

void LiveView::FindHistory(CaseQuestion question, std::function<void(Result<FoundHistory>)> done) {
  Find(std::move(question), [this, done = std::move(done)](Result<FoundCase> found) mutable {
    if (!found.ok()) return done(found.error());
    thread_.loop().Post([this, c = found->c, done = std::move(done)]() mutable {
      ReadHistory(std::move(c), kHistoryTries, std::move(done));
    });
  });
}

// The batches bear no numbers: the last one made the case's version, if nothing was written between the two reads.
void LiveView::ReadHistory(std::shared_ptr<const Case> c, int tries, std::function<void(Result<FoundHistory>)> done) {
  auto batches = std::make_shared<Result<std::vector<std::string>>>(std::vector<std::string>{});
  queries_.ReadCase(c->id, [this, batches, tries, done](Result<std::optional<std::string>> before, const Position&) {
    if (!before.ok()) return done(before.error());
    if (!before->has_value()) return done(NoSuchCase());
    Result<Case> decoded = wire::DecodeCase(**before);
    if (!decoded.ok())
      return done(Error{ErrorCode::kUnavailable, "the live view holds a case that cannot be read here"});
    auto as_read = std::make_shared<const Case>(std::move(*decoded));
    queries_.History(as_read->id, [batches](Result<std::vector<std::string>> read) { *batches = std::move(read); });
    queries_.ReadCase(as_read->id, [this, as_read, batches, tries, done, bytes = **before](
                                       Result<std::optional<std::string>> after, const Position&) mutable {
      if (!batches->ok()) return done(batches->error());
      if (!after.ok()) return done(after.error());
      if ((!after->has_value() || **after != bytes) && tries > 1)
        return ReadHistory(as_read, tries - 1, std::move(done));
      FoundHistory out{as_read, std::move(**batches), 1};
      // Batches of the log's earlier life are gone: the oldest kept ones count back from the present version.
      if (out.batches.size() > as_read->version) {
        out.batches.erase(out.batches.begin(), out.batches.end() - static_cast<std::ptrdiff_t>(as_read->version));
      }
      out.first_version = as_read->version - out.batches.size() + 1;
      done(std::move(out));
    });
  });
}

}  // namespace escalon::intake
