#include "services/sla-timer/inbound/clock_service.h"

#include <grpcpp/server_context.h>

#include <charconv>
#include <set>
#include <utility>

#include "common/rpc/call.h"
#include "escalon/clock/v1/clock_service.grpc.pb.h"
#include "services/sla-timer/application/timer.h"

namespace escalon::slatimer {
namespace {

constexpr int kDefaultPage = 50, kMostPage = 500;

std::string TokenOf(const DueClock& clock) {
  return std::to_string(clock.at) + "/" + clock.case_id.ToString() + "/" + clock.clock;
}

Status ReadToken(const std::string& token, ClockBook::Filter* filter) {
  if (token.empty()) return {};
  const Error wrong = InvalidField("page_token", "is not one that this service gave");
  const size_t first = token.find('/');
  if (first == std::string::npos || token.size() < first + 38 || token[first + 37] != '/') return wrong;
  const auto [end, error] = std::from_chars(token.data(), token.data() + first, filter->after);
  const Result<CaseId> id = CaseId::Parse(token.substr(first + 1, 36));
  if (error != std::errc() || end != token.data() + first || !id.ok()) return wrong;
  filter->after_id = *id;
  filter->after_clock = token.substr(first + 38);
  return {};
}

}  // namespace

class ClockService::Impl final : public clock::v1::ClockService::CallbackService {
 public:
  Impl(Timer& timer, ReadCases cases, rpc::CallLimits& limits)
      : timer_(timer),
        cases_(std::move(cases)),
        list_(limits, "ClockService/ListClocks", Action::kRead),
        stats_(limits, "ClockService/Stats", Action::kOperate) {}

  grpc::ServerUnaryReactor* ListClocks(grpc::CallbackServerContext* context,
                                       const clock::v1::ListClocksRequest* request,
                                       clock::v1::ListClocksResponse* response) override {
    return list_.Serve(context, request, response,
                       [this](const clock::v1::ListClocksRequest& r, const rpc::Caller& caller, auto reply) {
                         List(r, caller, reply);
                       });
  }

  grpc::ServerUnaryReactor* Stats(grpc::CallbackServerContext* context, const clock::v1::StatsRequest* request,
                                  clock::v1::StatsResponse* response) override {
    return stats_.Serve(context, request, response,
                        [this](const clock::v1::StatsRequest&, const rpc::Caller&, auto reply) {
                          timer_.Stats([reply](const TimerStats& stats) {
                            clock::v1::StatsResponse out;
                            out.set_armed(stats.armed);
                            out.set_fired(stats.fired);
                            out.set_refused(stats.refused);
                            out.set_next_at_ms(stats.next_at);
                            out.set_late_p50_ms(stats.late_p50_ms);
                            out.set_late_p99_ms(stats.late_p99_ms);
                            out.set_late_max_ms(stats.late_max_ms);
                            out.set_warm(stats.warm);
                            reply(std::move(out));
                          });
                        });
  }

 private:
  void List(const clock::v1::ListClocksRequest& request, const rpc::Caller& caller,
            std::function<void(Result<clock::v1::ListClocksResponse>)> reply) {
    ClockBook::Filter filter;
    if (!request.case_id().empty()) {
      const Result<CaseId> id = CaseId::Parse(request.case_id());
      if (!id.ok()) return reply(InvalidField("case_id", id.error().message));
      filter.case_id = *id;
    }
    if (request.page_size() < 0 || request.page_size() > kMostPage)
      return reply(InvalidField("page_size", "must be 1 to 500, or 0 for 50"));
    const Status token = ReadToken(request.page_token(), &filter);
    if (!token.ok()) return reply(token.error());
    if (caller.principal.tenant != kAllTenants) filter.tenant = caller.principal.tenant;
    filter.clock = request.clock();
    if (request.before_ms() != 0) filter.before = request.before_ms();
    const auto limit = static_cast<size_t>(request.page_size() == 0 ? kDefaultPage : request.page_size());
    timer_.List(std::move(filter), limit,
                [this, reply, limit, principal = caller.principal](std::vector<DueClock> clocks) {
                  std::set<CaseId> ids;
                  for (const DueClock& due : clocks) ids.insert(due.case_id);
                  AskVisible(
                      principal, std::move(ids), cases_, [](std::string_view) { return Roster::Empty(); },
                      [reply, limit, clocks = std::move(clocks)](const Result<std::set<CaseId>>& visible) {
                        if (!visible.ok()) return reply(visible.error());
                        reply(PageOf(clocks, *visible, limit));
                      });
                });
  }

  static clock::v1::ListClocksResponse PageOf(const std::vector<DueClock>& clocks, const std::set<CaseId>& visible,
                                              size_t limit) {
    clock::v1::ListClocksResponse out;
    for (const DueClock& due : clocks) {
      if (!visible.contains(due.case_id)) continue;
      clock::v1::ArmedClock& armed = *out.add_clocks();
      armed.set_case_id(due.case_id.ToString());
      armed.set_clock(due.clock);
      armed.set_generation(due.generation);
      armed.set_at_ms(due.at);
    }
    if (clocks.size() == limit) out.set_next_page_token(TokenOf(clocks.back()));
    return out;
  }

  Timer& timer_;
  const ReadCases cases_;
  rpc::Method list_, stats_;
};

ClockService::ClockService(Timer& timer, ReadCases cases, rpc::CallLimits& limits)
    : impl_(std::make_unique<Impl>(timer, std::move(cases), limits)) {}
ClockService::~ClockService() = default;
grpc::Service* ClockService::service() { return impl_.get(); }

}  // namespace escalon::slatimer
