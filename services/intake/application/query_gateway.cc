#include "services/intake/application/query_gateway.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/security/text_guard.h"
#include "common/view/keys.h"
#include "common/wire/public_case_codec.h"
#include "common/wire/timestamps.h"

namespace escalon::intake {
namespace {

namespace cs = ::escalon::cases::v1;
namespace cm = ::escalon::common::v1;
namespace qu = ::escalon::query::v1;

constexpr int kMostPage = 500;
constexpr int kDefaultPage = 50;
constexpr size_t kMostCounted = 50'000;
constexpr int kMostGroups = 3;

Result<int> PageSize(int asked) {
  if (asked < 0 || asked > kMostPage)
    return InvalidField("page_size", "must be 1 to " + std::to_string(kMostPage) + ", or 0 for the default");
  return asked == 0 ? kDefaultPage : asked;
}

Result<CaseId> ReadId(const std::string& text) {
  Result<CaseId> id = CaseId::Parse(text);
  if (!id.ok()) return InvalidField("case_id", "is no case id; write a UUID as SubmitCase returned it");
  return id;
}

Status OneTenant(const Principal& principal) {
  if (principal.tenant != kAllTenants) return {};
  return Error{ErrorCode::kInvalidArgument,
               "this credential serves all tenants; list and count with one of a single tenant"};
}

std::string GroupValue(const Case& c, qu::CountBy by) {
  switch (by) {
    case qu::COUNT_BY_PRIORITY:
      return std::string(Name(c.priority));
    case qu::COUNT_BY_LEVEL:
      return c.functional.level;
    case qu::COUNT_BY_TEAM:
      return c.owner.team;
    case qu::COUNT_BY_PERSON:
      return c.owner.person;
    default:
      return std::string(Name(c.state));
  }
}

/// Nothing is asked but states.
bool OnlyStates(const CaseFilter& filter) {
  CaseFilter rest = filter;
  rest.states.clear();
  rest.open = false;
  return rest == CaseFilter{};
}

}  // namespace

QueryGateway::QueryGateway(QueryGatewayParts parts) : parts_(std::move(parts)), lister_(parts_.view.queries()) {}

Result<Sight> QueryGateway::See(const Case& c, const Principal& principal) const {
  const auto rules = parts_.rules();
  return SightOf(principal, c, rules->People(c.tenant));
}

Result<cs::PublicCase> QueryGateway::Show(const Case& c, const Principal& principal) {
  const Result<Sight> sight = See(c, principal);
  if (!sight.ok()) return sight.error();
  wire::Viewer viewer;
  if (sight->personal) viewer.open = parts_.personal.Opening(c.tenant);
  viewer.requester = sight->requester;
  cs::PublicCase out;
  wire::ToProto(c, viewer, &out);
  return out;
}

void QueryGateway::GetCase(const cs::GetCaseRequest& request, const rpc::Caller& caller,
                           Reply<cs::GetCaseResponse> reply) {
  const Result<CaseId> id = ReadId(request.case_id());
  if (!id.ok()) return reply(id.error());
  parts_.view.Find({*id, caller.principal.tenant, request.min_version(), caller.deadline},
                   [this, principal = caller.principal, reply = std::move(reply)](Result<FoundCase> found) {
                     if (!found.ok()) return reply(found.error());
                     Result<cs::PublicCase> shown = Show(*found->c, principal);
                     if (!shown.ok()) return reply(shown.error());
                     cs::GetCaseResponse response;
                     *response.mutable_case_() = std::move(*shown);
                     response.set_stale(found->stale);
                     reply(std::move(response));
                   });
}

Result<CaseFilter> QueryGateway::FilterOf(const cs::CaseFilter& filter, const std::string& root,
                                          const Principal& principal) const {
  CaseFilter out;
  for (int i = 0; i < filter.states_size(); ++i) {
    const int state = filter.states(i);
    if (state < cm::CASE_STATE_NEW || state > cm::CASE_STATE_CANCELLED) {
      return InvalidField(root + ".states[" + std::to_string(i) + "]",
                          "is no state of a case; write new, in_progress, …");
    }
    out.states.push_back(static_cast<CaseState>(state));
  }
  for (int i = 0; i < filter.priorities_size(); ++i) {
    const int priority = filter.priorities(i);
    if (priority < cm::PRIORITY_UNSPECIFIED || priority > cm::PRIORITY_P4) {
      return InvalidField(root + ".priorities[" + std::to_string(i) + "]", "is no priority; write P1 to P4");
    }
    out.priorities.push_back(static_cast<Priority>(priority));
  }
  const auto take = [&](const char* field, const std::string& text, std::string* to) -> Status {
    if (text.empty()) return {};
    if (const Status s = CheckId(root + "." + field, text, IdKind::kKey); !s.ok()) return s;
    *to = text;
    return {};
  };
  const std::pair<const char*, std::pair<const std::string*, std::string*>> texts[] = {
      {"team", {&filter.team(), &out.team}},
      {"person", {&filter.person(), &out.person}},
      {"level", {&filter.level(), &out.level}},
      {"service", {&filter.service(), &out.service}},
      {"requester", {&filter.requester(), &out.requester}},
      {"source", {&filter.source(), &out.source}},
      {"external_ref", {&filter.external_ref(), &out.external_ref}},
      {"pageable", {&filter.pageable(), &out.pageable}},
  };
  for (const auto& [field, text] : texts) {
    if (const Status s = take(field, *text.first, text.second); !s.ok()) return s.error();
  }
  if (!out.external_ref.empty() && out.source.empty()) {
    return InvalidField(root + ".source", "is empty; a number is unique only with its source");
  }
  out.breached = filter.breached();
  out.open = filter.open();
  if (IsRequesterOnly(principal)) {
    if (!out.requester.empty() && out.requester != principal.subject)
      return InvalidField(root + ".requester", "must be your own id");
    out.requester = principal.subject;
  } else if (const Status allowed = Authorize(principal, Action::kRead); !allowed.ok()) {
    return allowed.error();
  }
  return out;
}

void QueryGateway::ListCases(const cs::ListCasesRequest& request, const rpc::Caller& caller,
                             Reply<cs::ListCasesResponse> reply) {
  if (const Status one = OneTenant(caller.principal); !one.ok()) return reply(one.error());
  ListQuestion question;
  question.tenant = caller.principal.tenant;
  Result<CaseFilter> filter = FilterOf(request.filter(), "filter", caller.principal);
  if (!filter.ok()) return reply(filter.error());
  question.filter = std::move(*filter);
  if (request.order() < cs::CASE_ORDER_UNSPECIFIED || request.order() > cs::CASE_ORDER_NEXT_DUE) {
    return reply(InvalidField("order", "is no order; leave it out for the gravest first"));
  }
  if (request.order() != cs::CASE_ORDER_UNSPECIFIED) question.order = static_cast<CaseOrder>(request.order());
  const Result<int> size = PageSize(request.page_size());
  if (!size.ok()) return reply(size.error());
  question.page_size = *size;
  cs::ListCasesRequest same = request;
  same.clear_page_size();
  same.clear_page_token();
  const std::string asked = question.tenant + "\n" + question.filter.requester + "\n" + same.SerializeAsString();
  if (!request.page_token().empty()) {
    const Result<PagePlace> place = parts_.tokens.Read(request.page_token(), asked);
    if (!place.ok()) return reply(place.error());
    question.from = *place;
  }
  const Principal principal = caller.principal;
  question.visible = [this, principal](const Case& c) { return See(c, principal).ok(); };
  parts_.view.loop().Post([this, principal, asked, question = std::move(question), reply = std::move(reply)]() mutable {
    lister_.List(std::move(question), [this, principal, asked, reply = std::move(reply)](Result<ListedPage> page) {
      if (!page.ok()) return reply(page.error());
      cs::ListCasesResponse response;
      for (const auto& c : page->cases) {
        if (Result<cs::PublicCase> shown = Show(*c, principal); shown.ok()) *response.add_cases() = std::move(*shown);
      }
      if (page->next) response.set_next_page_token(parts_.tokens.Make(*page->next, asked));
      response.set_stale(page->stale || !parts_.view.OwnersReachable());
      if (response.stale()) parts_.metrics.Stale();
      reply(std::move(response));
    });
  });
}

void QueryGateway::GetByExternalRef(const qu::GetByExternalRefRequest& request, const rpc::Caller& caller,
                                    Reply<qu::GetByExternalRefResponse> reply) {
  if (request.source().empty()) return reply(InvalidField("source", "is empty; say who submitted it"));
  if (request.external_ref().empty())
    return reply(InvalidField("external_ref", "is empty; give the source's own number"));
  cs::ListCasesRequest list;
  list.mutable_filter()->set_source(request.source());
  list.mutable_filter()->set_external_ref(request.external_ref());
  list.set_order(cs::CASE_ORDER_OPENED);
  list.set_page_size(1);
  ListCases(list, caller, [reply = std::move(reply)](Result<cs::ListCasesResponse> listed) {
    if (!listed.ok()) return reply(listed.error());
    if (listed->cases().empty()) return reply(Error{ErrorCode::kNotFound, "no case with this number of this source"});
    qu::GetByExternalRefResponse response;
    *response.mutable_case_() = std::move(*listed->mutable_cases(0));
    response.set_stale(listed->stale());
    reply(std::move(response));
  });
}

void QueryGateway::CountCases(const qu::CountCasesRequest& request, const rpc::Caller& caller,
                              Reply<qu::CountCasesResponse> reply) {
  if (const Status one = OneTenant(caller.principal); !one.ok()) return reply(one.error());
  Result<CaseFilter> filter = FilterOf(request.filter(), "filter", caller.principal);
  if (!filter.ok()) return reply(filter.error());
  std::vector<qu::CountBy> by;
  for (int i = 0; i < request.by_size(); ++i) {
    if (request.by(i) < qu::COUNT_BY_STATE || request.by(i) > qu::COUNT_BY_PERSON) {
      return reply(InvalidField("by[" + std::to_string(i) + "]",
                                "is nothing that cases are counted by; write state, priority, level, team or person"));
    }
    by.push_back(request.by(i));
  }
  if (by.size() > kMostGroups)
    return reply(InvalidField("by", "has more than " + std::to_string(kMostGroups) + " entries"));
  if (by.empty()) by.push_back(qu::COUNT_BY_STATE);
  if (by == std::vector{qu::COUNT_BY_STATE} && OnlyStates(*filter))
    return CountStates(caller.principal.tenant, *filter, std::move(reply));
  ListQuestion question;
  question.tenant = caller.principal.tenant;
  question.filter = std::move(*filter);
  const Principal principal = caller.principal;
  question.visible = [this, principal](const Case& c) { return See(c, principal).ok(); };
  parts_.view.loop().Post([this, by, question = std::move(question), reply = std::move(reply)] {
    auto counts = std::make_shared<std::map<std::vector<std::string>, uint64_t>>();
    const auto each = [counts, by](const Case& c) {
      std::vector<std::string> values;
      for (const qu::CountBy one : by) values.push_back(GroupValue(c, one));
      ++(*counts)[std::move(values)];
    };
    lister_.Scan(question, kMostCounted, each, [this, counts, reply](Result<bool> stale) {
      if (!stale.ok()) return reply(stale.error());
      qu::CountCasesResponse response;
      for (const auto& [values, cases] : *counts) {
        qu::Count& count = *response.add_counts();
        for (const std::string& value : values) count.add_values(value);
        count.set_cases(cases);
      }
      response.set_stale(*stale || !parts_.view.OwnersReachable());
      reply(std::move(response));
    });
  });
}

// By state alone the indexes' own sizes are the answer; nothing is opened, so restricted cases are in the number too.
void QueryGateway::CountStates(const std::string& tenant, const CaseFilter& filter,
                               Reply<qu::CountCasesResponse> reply) {
  std::vector<std::string> names, indexes;
  for (int state = cm::CASE_STATE_NEW; state <= cm::CASE_STATE_CANCELLED; ++state) {
    const auto wanted = static_cast<CaseState>(state);
    if (filter.open && IsEnded(wanted)) continue;
    if (!filter.states.empty() && std::find(filter.states.begin(), filter.states.end(), wanted) == filter.states.end())
      continue;
    names.emplace_back(Name(wanted));
    indexes.push_back(view::IndexKey("state", tenant, names.back()));
  }
  parts_.view.loop().Post(
      [this, names = std::move(names), indexes = std::move(indexes), reply = std::move(reply)]() mutable {
        lister_.Count(indexes, [this, names = std::move(names), reply = std::move(reply)](
                                   Result<std::vector<int64_t>> counts, bool stale) {
          if (!counts.ok()) return reply(counts.error());
          qu::CountCasesResponse response;
          for (size_t i = 0; i < names.size(); ++i) {
            if ((*counts)[i] == 0) continue;
            qu::Count& count = *response.add_counts();
            count.add_values(names[i]);
            count.set_cases(static_cast<uint64_t>((*counts)[i]));
          }
          response.set_stale(stale || !parts_.view.OwnersReachable());
          reply(std::move(response));
        });
      });
}

void QueryGateway::FindOpen(const std::string& tenant, const std::string& source, const std::string& external_ref,
                            const std::string& dedup_key, std::function<void(Result<CaseId>)> done) {
  const auto none = [] { return Error{ErrorCode::kNotFound, "no open case of this source has this key or number"}; };
  if (!dedup_key.empty()) {
    // Its place follows from the key, and at most one open case bears it.
    const int shard = ShardOf(BucketOf(tenant, dedup_key), parts_.view.queries().shards());
    const bool posted =
        parts_.view.loop().Post([this, shard, none, index = view::IndexKey("dedup", tenant, dedup_key), done] {
          parts_.view.queries().List(shard, index, {kNever, {}}, 1, true,
                                     [none, done](Result<std::vector<view::Listed>> listed) {
                                       if (!listed.ok()) return done(listed.error());
                                       if (listed->empty()) return done(none());
                                       done(listed->front().id);
                                     });
        });
    if (!posted) done(Error{ErrorCode::kUnavailable, "this process is shutting down; repeat at another"});
    return;
  }
  ListQuestion question;
  question.tenant = tenant;
  question.order = CaseOrder::kOpened;
  question.page_size = 1;
  question.filter.open = true;
  question.filter.source = source;
  question.filter.external_ref = external_ref;
  const bool posted = parts_.view.loop().Post([this, none, question = std::move(question), done]() mutable {
    lister_.List(std::move(question), [none, done](Result<ListedPage> page) {
      if (!page.ok()) return done(page.error());
      if (page->cases.empty()) return done(none());
      done(page->cases.front()->id);
    });
  });
  if (!posted) done(Error{ErrorCode::kUnavailable, "this process is shutting down; repeat at another"});
}

void QueryGateway::ReadChapters(const std::string& case_id, const rpc::Caller& caller,
                                std::function<void(Result<Desk>)> done) {
  const Result<CaseId> id = ReadId(case_id);
  if (!id.ok()) return done(id.error());
  parts_.view.FindHistory({*id, caller.principal.tenant, 0, caller.deadline},
                          [this, principal = caller.principal, done = std::move(done)](Result<FoundHistory> found) {
                            if (!found.ok()) return done(found.error());
                            const Result<Sight> sight = See(*found->c, principal);
                            if (!sight.ok()) return done(sight.error());
                            if (sight->requester) return done(Authorize(principal, Action::kRead).error());
                            done(Desk{found->c, ChaptersOf(*found), *sight, found->first_version > 1});
                          });
}

}  // namespace escalon::intake
