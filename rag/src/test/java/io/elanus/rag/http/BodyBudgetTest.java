package io.elanus.rag.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.stream.StreamMessage;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
  private static HttpRequest said(long length) {
    return HttpRequest.of(
        RequestHeaders.of(
            HttpMethod.POST, "/", HttpHeaderNames.CONTENT_LENGTH, Long.toString(length)),
        StreamMessage.of());
  }

  private static long take(BodyBudget budget, HttpRequest request) {
    return budget.take(request, ServiceRequestContext.of(request));
  }

  @Test
  void bodiesBeyondTheBudgetAreRefusedUntilOthersAreAnswered() {
    BodyBudget budget = new BodyBudget(100 << 20);
    long first = take(budget, said(60 << 20));
    assertThatThrownBy(() -> take(budget, said(50 << 20)))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY))
        .hasMessageContaining("60 MiB")
        .hasMessageContaining("50 MiB");
    assertThat(take(budget, said(0))).as("nothing asks for nothing").isZero();
    budget.giveBack(first);
    assertThat(take(budget, said(50 << 20))).isEqualTo(50 << 20);
  }

  @Test
  void aBodyThatDoesNotSayItsLengthIsHeldToALittle() {
    BodyBudget budget = new BodyBudget(100 << 20);
    HttpRequest request =
        HttpRequest.of(RequestHeaders.of(HttpMethod.POST, "/"), StreamMessage.of());
    ServiceRequestContext context = ServiceRequestContext.of(request);
    assertThat(budget.take(request, context)).isEqualTo(8 << 20);
    assertThat(context.maxRequestLength()).isEqualTo(8 << 20);
  }
}
