#include <utility>

#include "common/domain/authority.h"
#include "common/wire/utf8.h"
#include "services/intake/application/query_gateway.h"

namespace escalon::intake {
namespace {

namespace qu = ::escalon::query::v1;

AuthorityQuestion QuestionOf(const qu::MayDecideRequest& request, const Principal& principal) {
  AuthorityQuestion question;
  question.person = request.person().empty() ? principal.subject : request.person();
  question.decision = request.decision();
  question.amount = {request.amount().minor(), request.amount().currency()};
  return question;
}

void Put(const AuthorityVerdict& verdict, qu::MayDecideResponse* out) {
  out->set_allowed(verdict.allowed);
  out->set_level(verdict.level);
  out->set_lowest_level(verdict.lowest_level);
  out->set_rule(verdict.rule);
  out->set_delegator(verdict.delegator);
  out->set_four_eyes(verdict.four_eyes);
  if (!verdict.total.empty()) {
    out->mutable_total()->set_minor(verdict.total.minor);
    out->mutable_total()->set_currency(verdict.total.currency);
  }
  wire::AssignUtf8(verdict.why, out->mutable_why());
}

}  // namespace

void QueryGateway::MayDecide(const qu::MayDecideRequest& request, const rpc::Caller& caller,
                             Reply<qu::MayDecideResponse> reply) {
  const Result<CaseId> id = CaseId::Parse(request.case_id());
  if (!id.ok()) return reply(InvalidField("case_id", "is no case id; write a UUID as SubmitCase returned it"));
  if (request.decision().empty())
    return reply(InvalidField("decision", "is empty; say what is decided: spend, vendor, exception, …"));
  parts_.view.Find({*id, caller.principal.tenant, 0, caller.deadline},
                   [this, principal = caller.principal, question = QuestionOf(request, caller.principal),
                    reply = std::move(reply)](Result<FoundCase> found) {
                     if (!found.ok()) return reply(found.error());
                     const Case& c = *found->c;
                     const Result<Sight> sight = See(c, principal);
                     if (!sight.ok()) return reply(sight.error());
                     if (sight->requester)
                       return reply(Error{ErrorCode::kPermissionDenied, "who may decide what is for the desk"});
                     const auto rules = parts_.rules();
                     const Policy* policy = rules->Pinned(c.tenant, c.policy);
                     if (policy == nullptr)
                       return reply(Error{ErrorCode::kUnavailable, "policy " + c.policy + " is not known here yet"});
                     const Result<AuthorityVerdict> verdict =
                         escalon::MayDecide(*policy, rules->People(c.tenant), c, question, parts_.clock.WallMs());
                     if (!verdict.ok()) return reply(verdict.error());
                     qu::MayDecideResponse response;
                     Put(*verdict, &response);
                     reply(std::move(response));
                   });
}

}  // namespace escalon::intake
