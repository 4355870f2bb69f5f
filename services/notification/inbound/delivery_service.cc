#include "services/notification/inbound/delivery_service.h"

#include <grpcpp/server_context.h>

#include <array>
#include <charconv>
#include <set>
#include <string_view>
#include <vector>

#include "common/access/visible_cases.h"
#include "common/rpc/call.h"
#include "common/security/text_guard.h"
#include "escalon/delivery/v1/delivery_service.grpc.pb.h"
#include "services/notification/application/history.h"
#include "services/notification/application/notifier.h"
#include "services/notification/application/ports.h"

namespace escalon::notification {
namespace {

constexpr int kDefaultPage = 50, kMostPage = 500;

Result<size_t> PageSize(int32_t asked) {
  if (asked < 0 || asked > kMostPage) return InvalidField("page_size", "must be 1 to 500, or 0 for 50");
  return static_cast<size_t>(asked == 0 ? kDefaultPage : asked);
}

Result<CaseId> CaseOf(const std::string& text) {
  if (text.empty()) return CaseId();
  Result<CaseId> id = CaseId::Parse(text);
  if (!id.ok()) return InvalidField("case_id", "must be the id of a case, a UUID");
  return id;
}

/// Empty: of all tenants.
std::string TenantOf(const rpc::Caller& caller) {
  return caller.principal.tenant == kAllTenants ? std::string() : caller.principal.tenant;
}

bool ReadNumber(std::string_view* rest, int64_t* number) {
  const auto [end, error] = std::from_chars(rest->data(), rest->data() + rest->size(), *number);
  if (error != std::errc()) return false;
  rest->remove_prefix(static_cast<size_t>(end - rest->data()));
  if (!rest->empty() && rest->front() == '/') rest->remove_prefix(1);
  return true;
}

Error BadToken() { return InvalidField("page_token", "is not one that this service gave"); }

}  // namespace

class DeliveryService::Impl final : public delivery::v1::DeliveryService::CallbackService {
 public:
  Impl(Notifier& notifier, History& history, CaseReader& cases, const Rosters& rosters, rpc::CallLimits& limits)
      : notifier_(notifier),
        history_(history),
        cases_(cases),
        rosters_(rosters),
        list_(limits, "DeliveryService/ListDeliveries", Action::kRead),
        dead_(limits, "DeliveryService/ListDeadLetters", Action::kRead),
        resend_(limits, "DeliveryService/Resend", Action::kOperate),
        test_page_(limits, "DeliveryService/TestPage", Action::kAdministerPolicy) {}

  grpc::ServerUnaryReactor* ListDeliveries(grpc::CallbackServerContext* context,
                                           const delivery::v1::ListDeliveriesRequest* request,
                                           delivery::v1::ListDeliveriesResponse* response) override {
    return list_.Serve(
        context, request, response,
        [this](const delivery::v1::ListDeliveriesRequest& r, const rpc::Caller& c, auto reply) { List(r, c, reply); });
  }
  grpc::ServerUnaryReactor* ListDeadLetters(grpc::CallbackServerContext* context,
                                            const delivery::v1::ListDeadLettersRequest* request,
                                            delivery::v1::ListDeadLettersResponse* response) override {
    return dead_.Serve(context, request, response,
                       [this](const delivery::v1::ListDeadLettersRequest& r, const rpc::Caller& c, auto reply) {
                         ListDead(r, c, reply);
                       });
  }
  grpc::ServerUnaryReactor* Resend(grpc::CallbackServerContext* context, const delivery::v1::ResendRequest* request,
                                   delivery::v1::ResendResponse* response) override {
    return resend_.Serve(
        context, request, response,
        [this](const delivery::v1::ResendRequest& r, const rpc::Caller& c, auto reply) { Again(r, c, reply); });
  }
  grpc::ServerUnaryReactor* TestPage(grpc::CallbackServerContext* context, const delivery::v1::TestPageRequest* request,
                                     delivery::v1::TestPageResponse* response) override {
    return test_page_.Serve(
        context, request, response,
        [this](const delivery::v1::TestPageRequest& r, const rpc::Caller& c, auto reply) { Test(r, c, reply); });
  }

 private:
  void List(const delivery::v1::ListDeliveriesRequest& request, const rpc::Caller& caller,
            const std::function<void(Result<delivery::v1::ListDeliveriesResponse>)>& reply) {
    HistoryQuery query;
    const Result<CaseId> id = CaseOf(request.case_id());
    if (!id.ok()) return reply(id.error());
    const Result<size_t> limit = PageSize(request.page_size());
    if (!limit.ok()) return reply(limit.error());
    query.tenant = TenantOf(caller);
    query.case_id = *id;
    query.person = request.person();
    query.limit = *limit;
    for (const int outcome : request.outcomes()) {
      const bool known = outcome > 0 && outcome <= static_cast<int>(wire::DeliveryOutcome::kDiscarded);
      if (!known) return reply(InvalidField("outcomes", "has one that this version does not know"));
      query.outcomes.push_back(static_cast<wire::DeliveryOutcome>(outcome));
    }
    if (!request.page_token().empty()) {
      std::string_view rest = request.page_token();
      int64_t at = 0, partition = 0, offset = 0;
      if (!ReadNumber(&rest, &at) || !ReadNumber(&rest, &partition) || !ReadNumber(&rest, &offset) || !rest.empty() ||
          at < 0) {
        return reply(BadToken());
      }
      query.before_at = at;
      query.before_partition = static_cast<int>(partition);
      query.before_offset = offset;
    }
    history_.List(std::move(query), [this, reply, limit = *limit,
                                     principal = caller.principal](Result<std::vector<HistoryEntry>> found) {
      if (!found.ok()) return reply(found.error());
      const auto entries = std::make_shared<std::vector<HistoryEntry>>(std::move(*found));
      std::set<CaseId> ids;
      for (const HistoryEntry& entry : *entries) ids.insert(entry.record.case_id);
      WhenVisible(principal, std::move(ids), [entries, reply, limit](const Result<std::set<CaseId>>& visible) {
        if (!visible.ok()) return reply(visible.error());
        delivery::v1::ListDeliveriesResponse out;
        for (const HistoryEntry& entry : *entries) {
          if (IsShown(entry.record, *visible)) wire::ToProto(entry.record, out.add_deliveries());
        }
        if (entries->size() == limit) {
          const HistoryEntry& last = entries->back();
          out.set_next_page_token(std::to_string(last.record.at) + "/" + std::to_string(last.partition) + "/" +
                                  std::to_string(last.offset));
        }
        reply(std::move(out));
      });
    });
  }

  void ListDead(const delivery::v1::ListDeadLettersRequest& request, const rpc::Caller& caller,
                const std::function<void(Result<delivery::v1::ListDeadLettersResponse>)>& reply) {
    const Result<CaseId> id = CaseOf(request.case_id());
    if (!id.ok()) return reply(id.error());
    const Result<size_t> limit = PageSize(request.page_size());
    if (!limit.ok()) return reply(limit.error());
    std::string_view rest = request.page_token();
    int64_t at = 0;
    if (!rest.empty() && (!ReadNumber(&rest, &at) || rest.empty())) return reply(BadToken());
    notifier_.ListDead(TenantOf(caller), *id, at, std::string(rest), *limit,
                       [this, reply, limit = *limit, principal = caller.principal](std::vector<DeadLetter> letters) {
                         std::set<CaseId> ids;
                         for (const DeadLetter& letter : letters) ids.insert(letter.last.case_id);
                         WhenVisible(
                             principal, std::move(ids),
                             [reply, limit, letters = std::move(letters)](const Result<std::set<CaseId>>& visible) {
                               if (!visible.ok()) return reply(visible.error());
                               reply(PageOf(letters, *visible, limit));
                             });
                       });
  }

  static delivery::v1::ListDeadLettersResponse PageOf(const std::vector<DeadLetter>& letters,
                                                      const std::set<CaseId>& visible, size_t limit) {
    delivery::v1::ListDeadLettersResponse out;
    for (const DeadLetter& letter : letters) {
      if (!IsShown(letter.last, visible)) continue;
      delivery::v1::DeadDelivery& dead = *out.add_dead_letters();
      dead.set_id(letter.id);
      dead.set_attempts(letter.attempts);
      wire::ToProto(letter.last, dead.mutable_last());
    }
    if (letters.size() == limit)
      out.set_next_page_token(std::to_string(letters.back().last.at) + "/" + letters.back().id);
    return out;
  }

  /// A test page hangs on no case.
  static bool IsShown(const wire::DeliveryRecord& record, const std::set<CaseId>& visible) {
    return record.case_id == CaseId() || visible.contains(record.case_id);
  }

  void WhenVisible(const Principal& principal, std::set<CaseId> ids,
                   std::function<void(Result<std::set<CaseId>>)> done) {
    ids.erase(CaseId());
    AskVisible(
        principal, std::move(ids),
        [this](std::vector<CaseId> asked, auto answer) { cases_.Read(std::move(asked), std::move(answer)); },
        [this](std::string_view tenant) { return rosters_.Of(tenant); }, std::move(done));
  }

  void Again(const delivery::v1::ResendRequest& request, const rpc::Caller& caller,
             const std::function<void(Result<delivery::v1::ResendResponse>)>& reply) {
    if (request.ids_size() == 0 || request.ids_size() > kMostPage)
      return reply(InvalidField("ids", "must be 1 to 500 of ListDeadLetters"));
    const auto ids = std::make_shared<std::vector<std::string>>(request.ids().begin(), request.ids().end());
    notifier_.Resend(TenantOf(caller), *ids, request.discard(), caller.principal.subject,
                     [reply, ids](const std::vector<std::string>& outcomes) {
                       delivery::v1::ResendResponse out;
                       for (size_t i = 0; i < ids->size(); ++i) {
                         delivery::v1::ResendOutcome& outcome = *out.add_outcomes();
                         outcome.set_id((*ids)[i]);
                         outcome.set_done(outcomes[i].empty());
                         outcome.set_reason(outcomes[i]);
                       }
                       reply(std::move(out));
                     });
  }

  void Test(const delivery::v1::TestPageRequest& request, const rpc::Caller& caller,
            const std::function<void(Result<delivery::v1::TestPageResponse>)>& reply) {
    const std::string tenant = TenantOf(caller);
    if (tenant.empty())
      return reply(InvalidField("tenant", "a test page needs the key of one tenant: its roster says whom it reaches"));
    if (const Status person = CheckId("person", request.person(), IdKind::kSubject); !person.ok())
      return reply(person.error());
    if (!request.text().empty()) {
      if (const Status text = CheckTitle("text", request.text()); !text.ok()) return reply(text.error());
    }
    notifier_.SendTestPage({tenant, request.person(), request.channel(), request.text(), caller.principal.subject},
                           [reply](const Result<wire::DeliveryRecord>& record) {
                             if (!record.ok()) return reply(record.error());
                             delivery::v1::TestPageResponse out;
                             wire::ToProto(*record, out.mutable_delivery());
                             reply(std::move(out));
                           });
  }

  Notifier& notifier_;
  History& history_;
  CaseReader& cases_;
  const Rosters& rosters_;
  rpc::Method list_, dead_, resend_, test_page_;
};

DeliveryService::DeliveryService(Notifier& notifier, History& history, CaseReader& cases, const Rosters& rosters,
                                 rpc::CallLimits& limits)
    : impl_(std::make_unique<Impl>(notifier, history, cases, rosters, limits)) {}
DeliveryService::~DeliveryService() = default;
grpc::Service* DeliveryService::service() { return impl_.get(); }

}  // namespace escalon::notification
